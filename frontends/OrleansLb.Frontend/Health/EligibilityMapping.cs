using OrleansLb.Contracts.Agents;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Agents;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;

namespace OrleansLb.Frontend.Health;

/// <summary>Between the wire's records and Core's, once at receipt.</summary>
internal static class EligibilityMapping
{
    public static PoolEligibility ToModel(this EligibilityTable table, TimeSpan now) =>
        new(table.Version, PoolEligibility.Ordered(table.Rows.Select(row => ToModel(row, now))), table.Panic);

    public static PoolEligibilityDelta ToModel(this EligibilityChange change, TimeSpan now) => new(
        change.FromVersion,
        change.ToVersion,
        [.. change.Changed.Select(row => ToModel(row, now))],
        [.. change.Removed.Select(static key => new BackendKey(key))],
        change.Panic);

    public static EligibilityTable ToWire(this PoolHealthView view, TimeSpan now) => new(
        view.Epoch,
        view.Eligibility.Version,
        [.. view.Eligibility.Backends.Select(status => ToWire(status, now))],
        view.Eligibility.Panic);

    private static EligibilityRow ToWire(BackendStatus status, TimeSpan now) =>
        new(status.Key.Value, (WireBackendState)status.State, status.TakesNew, status.TakesPinned, status.ByPanic, status.Held)
        {
            Ejection = status.Ejection is { } ejection ? new WireEjection((WireOutlierCause)ejection.Cause, ejection.Count, ejection.Until - now) : null,
            Slow = status.Slow,
            EligibleFor = now - status.EligibleSince,
            Agent = status.Agent == default ? null : ToWire(status.Agent),
            ByAgent = status.ByAgent,
            Circuit = (WireCircuitState)status.Circuit,
        };

    private static WireAgentState ToWire(in AgentState agent) => new(agent.WeightPercent, (WireAgentService)agent.Service, agent.IsDown, agent.MaxConnections);

    private static BackendStatus ToModel(EligibilityRow row, TimeSpan now) =>
        new(new BackendKey(row.BackendKey), (BackendState)row.State, row.TakesNew, row.TakesPinned, row.ByPanic, row.Held)
        {
            Ejection = row.Ejection is { } ejection ? new Ejection((OutlierCause)ejection.Cause, ejection.Count, now + ejection.Left) : null,
            Slow = row.Slow,
            EligibleSince = now - row.EligibleFor,
            Agent = row.Agent is { } agent ? new AgentState(agent.WeightPercent, (AgentService)agent.Service, agent.IsDown, agent.MaxConnections) : default,
            ByAgent = row.ByAgent,
            Circuit = (CircuitState)row.Circuit,
        };
}
