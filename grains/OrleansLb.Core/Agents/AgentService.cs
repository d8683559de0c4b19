namespace OrleansLb.Core.Agents;

/// <summary>What an agent wants of its backend's service, in HAProxy's words its administrative state.</summary>
public enum AgentService
{
    /// <summary><c>ready</c>: it serves; also while the agent has said nothing.</summary>
    Ready,

    /// <summary><c>drain</c>: its sessions stay, new ones go elsewhere.</summary>
    Drain,

    /// <summary><c>maint</c>: no traffic at all.</summary>
    Maintenance,
}
