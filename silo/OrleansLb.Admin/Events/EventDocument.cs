using System.Text.Json.Serialization;
using OrleansLb.Admin.Backends;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Events;

/// <summary>One event as the API shows it. Members are only ever added; those that do not belong to a kind are left out.</summary>
internal sealed record EventDocument
{
    public EventDocument(string kind) => Kind = kind;

    public EventDocument(ClusterEvent happened)
        : this(happened.Kind.ToString())
    {
        Id = happened.Id == 0 ? null : happened.Id;
        When = happened.When;
        Pool = happened.PoolId;
        Backend = happened.BackendId;
        Change = happened.Change is { } change ? new StateChangeSummary(change) : null;
        Frontend = happened.FrontendId;
        Silo = happened.SiloName;
        Version = happened.Version;
        Detail = happened.Detail;
        By = happened.By.Length == 0 ? null : happened.By;
    }

    public string Kind { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Id { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? When { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pool { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Backend { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StateChangeSummary? Change { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Frontend { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Silo { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Version { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }
}
