using OrleansLb.Configuration.Pools;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Shapes;

/// <summary>The keys of the agents beside backends.</summary>
internal static class AgentShapes
{
    public static ObjectShape OfCluster => new(
        strict: true,
        (nameof(AgentDefinition.Port), HealthCheckShapes.Port),
        (nameof(AgentDefinition.Interval), Values.DurationWithin(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))),
        (nameof(AgentDefinition.Timeout), Values.DurationWithin(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1))),
        (nameof(AgentDefinition.Send), HealthCheckShapes.Bytes));

    public static ObjectShape OfDestination => new(
        strict: true,
        (AgentReader.HostKey, new ValueShape(HostFault, required: true)),
        (nameof(AgentDefinition.Port), HealthCheckShapes.Port));

    private static string? HostFault(string value) =>
        Uri.CheckHostName(value) == UriHostNameType.Unknown ? $"{Quote.Value(value)} is neither a host name nor an address" : null;
}
