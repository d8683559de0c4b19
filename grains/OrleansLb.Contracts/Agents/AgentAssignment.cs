namespace OrleansLb.Contracts.Agents;

/// <summary>What a pool wants to hear from the agent of a backend.</summary>
/// <param name="PoolId">The pool, which is told what the agent says.</param>
/// <param name="BackendId">The backend.</param>
/// <param name="BackendKey">Its generation's key: another one begins anew.</param>
/// <param name="Address">Where the agent listens, as <c>tcp://host:port</c>.</param>
/// <param name="Send">What is sent first; empty for nothing.</param>
/// <param name="Interval">Time between two questions.</param>
/// <param name="Timeout">Limit of one question.</param>
/// <param name="Held">What the pool holds to be the agent's word; a monitor that starts goes on from there.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.AgentAssignment")]
public sealed record AgentAssignment(
    [property: Id(0)] string PoolId,
    [property: Id(1)] string BackendId,
    [property: Id(2)] ulong BackendKey,
    [property: Id(3)] Uri Address,
    [property: Id(4)] string Send,
    [property: Id(5)] TimeSpan Interval,
    [property: Id(6)] TimeSpan Timeout,
    [property: Id(7)] WireAgentState Held);
