using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Agents;

/// <summary>One agent, ready to be asked. Equal when what is asked, and how, is the same.</summary>
/// <param name="Address">Where it listens, as <c>tcp://host:port</c>.</param>
/// <param name="Send">What is sent first, with the escapes of <see cref="ProbeText"/>.</param>
/// <param name="Interval">Time between two questions.</param>
/// <param name="Timeout">Limit for connecting, asking and hearing the line together.</param>
public sealed record AgentTarget(Uri Address, string Send, TimeSpan Interval, TimeSpan Timeout)
{
    /// <summary>The agent of a backend; <see langword="null"/> when it has none.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="agent">How the pool's agents are asked.</param>
    public static AgentTarget? Of(BackendDefinition backend, AgentDefinition agent)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(agent);
        return backend.AgentAddress is { } address ? new AgentTarget(address, agent.Send, agent.Interval, agent.Timeout) : null;
    }
}
