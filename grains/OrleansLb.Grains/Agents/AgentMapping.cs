using OrleansLb.Contracts.Agents;
using OrleansLb.Core.Agents;
using OrleansLb.Core.Snapshots;
using OrleansLb.Probes.Agents;

namespace OrleansLb.Grains.Agents;

/// <summary>Between the wire's records and Core's. The numbers of the enumerations are the same, which a test asserts.</summary>
internal static class AgentMapping
{
    public static WireAgentState ToWire(this in AgentState state) => 
        new(state.WeightPercent, (WireAgentService)state.Service, state.IsDown, state.MaxConnections);

    /// <summary>A pool, or a front-end that remembers one, of a version without agents says nothing.</summary>
    public static AgentState ToModel(this WireAgentState? state) =>
        state is null ? default : new(state.WeightPercent, (AgentService)state.Service, state.IsDown, state.MaxConnections);

    /// <summary>What to hear from a backend's agent; <see langword="null"/> when it has none.</summary>
    public static AgentAssignment? Assignment(PoolDefinition pool, AgentDefinition agent, BackendDefinition backend, AgentState held) =>
        AgentTarget.Of(backend, agent) is not { } target
            ? null
            : new AgentAssignment(pool.Id, backend.Id, backend.Key.Value, target.Address, target.Send, target.Interval, target.Timeout, held.ToWire());

    public static AgentTarget ToTarget(this AgentAssignment assignment) => new(assignment.Address, assignment.Send, assignment.Interval, assignment.Timeout);
}
