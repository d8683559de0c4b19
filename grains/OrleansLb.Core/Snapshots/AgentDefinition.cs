namespace OrleansLb.Core.Snapshots;

/// <summary>How the agents beside a pool's backends are asked, as HAProxy's <c>agent-check</c> does it.</summary>
public sealed record AgentDefinition
{
    /// <summary>Port of the agents, unless a backend has another one.</summary>
    /// <value>1 to 65,535.</value>
    public required int Port { get; init; }

    /// <summary>Time between two questions to one agent; HAProxy's <c>agent-inter</c>.</summary>
    /// <value>Default 2 s; 100 ms to 1 h.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Limit for connecting, asking and hearing the line together.</summary>
    /// <value>Default 1 s; 1 ms to 1 min.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is sent first, with the escapes of <see cref="Health.ProbeText"/>; HAProxy's <c>agent-send</c>.</summary>
    /// <value>Default nothing; 1,024 characters at most.</value>
    public string Send { get; init; } = "";
}
