using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads how many requests each backend of a pool takes at once.</summary>
internal static class ConcurrencyReader
{
    public const string LimitKey = "MaxConcurrentRequestsPerDestination";
    public const string QueueKey = "Queue";
    public const string QueueLimitKey = "Limit";
    public const string QueueTimeoutKey = "Timeout";

    /// <summary>Reads; a pool with agents has a queue without a limit too, because its agents may say one.</summary>
    public static ConcurrencyDefinition? Read(string clusterId, SettingsNode root, Problems problems)
    {
        if (root.Find($"ReverseProxy:Clusters:{clusterId}:OrleansLb") is not { } ours)
            return null;
        var queue = ours.Child(QueueKey);
        var choice = ours.Child(nameof(ConcurrencyDefinition.WhenUnreachable));
        var adaptive = ours.Child(AdaptiveReader.Key);
        var limit = ours.Whole(LimitKey) ?? (adaptive is null ? null : SlotLimit.MostOfAdaptive);
        if (limit is null && ours.Child(AgentReader.Key) is null)
        {
            // A limit that was refused for its value is missing because of that.
            foreach (var useless in ours.WasRemoved(LimitKey) ? [] : new[] { queue, choice }.OfType<SettingsNode>())
                problems.Error(useless.Path, $"has no effect without {LimitKey}, {AdaptiveReader.Key} or {AgentReader.Key}");
            return null;
        }

        var definition = new ConcurrencyDefinition { MaxRequestsPerBackend = limit, Adaptive = AdaptiveReader.Read(adaptive, limit ?? SlotLimit.Most, problems) };
        return definition with
        {
            QueueLimit = queue.Whole(QueueLimitKey) ?? definition.QueueLimit,
            QueueTimeout = queue.Time(QueueTimeoutKey) ?? definition.QueueTimeout,
            WhenUnreachable = ours.Choice<WhenUnreachable>(nameof(ConcurrencyDefinition.WhenUnreachable)) ?? definition.WhenUnreachable,
        };
    }
}
