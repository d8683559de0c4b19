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
        (AgentReader.HostKey, Values.Host),
        (nameof(AgentDefinition.Port), HealthCheckShapes.Port));
}
