using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>Names that a cluster's <c>HealthCheck:Active:Policy</c> may have.</summary>
public static class ActiveHealthPolicyNames
{
    /// <summary>YARP's: every process probes and counts by itself.</summary>
    public const string ConsecutiveFailures = nameof(ConsecutiveFailures);

    /// <summary>The cluster probes each backend once, whatever the number of front-ends.</summary>
    public const string ClusterConsecutiveFailures = nameof(ClusterConsecutiveFailures);

    /// <summary>Every name, YARP's and ours. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        ConsecutiveFailures,
        ClusterConsecutiveFailures,
    ];
}
