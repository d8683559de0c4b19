using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads how the agents beside a pool's backends are asked.</summary>
internal static class AgentReader
{
    public const string Key = "Agent";
    public const string HostKey = "Host";

    public static AgentDefinition? Read(string clusterId, SettingsNode root, Problems problems)
    {
        if (root.Find($"ReverseProxy:Clusters:{clusterId}:OrleansLb:{Key}") is not { } ours)
            return null;
        if (ours.Whole(nameof(AgentDefinition.Port)) is not { } port)
        {
            // A port that was refused for its value is missing because of that.
            if (!ours.WasRemoved(nameof(AgentDefinition.Port)))
                problems.Error($"{ours.Path}:{nameof(AgentDefinition.Port)}", "must be the port of the agents; it is missing");
            return null;
        }

        var plain = new AgentDefinition { Port = port };
        return plain with
        {
            Interval = ours.Time(nameof(AgentDefinition.Interval)) ?? plain.Interval,
            Timeout = ours.Time(nameof(AgentDefinition.Timeout)) ?? plain.Timeout,
            Send = ours.Text(nameof(AgentDefinition.Send)) ?? plain.Send,
        };
    }

    /// <summary>Where a backend's agent is asked.</summary>
    /// <param name="agent">How the pool's agents are asked; <see langword="null"/> for not at all.</param>
    /// <param name="own">The destination's own keys.</param>
    /// <param name="health">Where the backend is probed.</param>
    /// <param name="networks">Where nothing may be.</param>
    /// <param name="problems">Where mistakes go.</param>
    public static Uri? AddressOf(AgentDefinition? agent, SettingsNode? own, Uri health, BackendNetworks networks, Problems problems)
    {
        if (agent is null)
        {
            if (own is not null)
                problems.Error(own.Path, $"has no effect without {Key} of the cluster");
            return null;
        }

        var address = new UriBuilder("tcp", own.Text(HostKey) ?? health.IdnHost, own.Whole(nameof(AgentDefinition.Port)) ?? agent.Port).Uri;
        if (own.Text(HostKey) is not null && networks.Fault(address) is { } fault)
            problems.Error($"{own!.Path}:{HostKey}", fault);
        return address;
    }
}
