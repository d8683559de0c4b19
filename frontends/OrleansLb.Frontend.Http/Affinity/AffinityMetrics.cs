using System.Diagnostics.Metrics;
using OrleansLb.Core.Affinity;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>What became of the requests of pools with cluster-wide session affinity.</summary>
internal sealed class AffinityMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Affinity";

    private static readonly string[] Outcomes = [.. Enum.GetNames<AffinityOutcome>().Select(ToTag)];
    private static readonly string[] Reasons = [.. Enum.GetNames<AffinityRejection>().Select(ToTag)];

    private readonly Counter<long> _decisions;
    private readonly Counter<long> _rejected;

    public AffinityMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _decisions = meter.CreateCounter<long>("orleanslb.affinity.decisions", "{request}", "Requests by what their session led to.");
        _rejected = meter.CreateCounter<long>("orleanslb.affinity.rejected", "{cookie}", "Affinity cookies that were treated as absent, by reason.");
    }

    /// <summary>What an outcome is called.</summary>
    public static string NameOf(AffinityOutcome outcome) => Outcomes[(int)outcome];

    public void Decided(AffinityOutcome outcome)
    {
        if (_decisions.Enabled)
            _decisions.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
    }

    public void Rejected(AffinityRejection reason)
    {
        if (_rejected.Enabled)
            _rejected.Add(1, new KeyValuePair<string, object?>("reason", Reasons[(int)reason]));
    }

    private static string ToTag(string name) =>
        string.Concat(name.Select(static (c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
