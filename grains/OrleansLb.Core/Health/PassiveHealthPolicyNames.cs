using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>Names that a cluster's <c>HealthCheck:Passive:Policy</c> may have.</summary>
public static class PassiveHealthPolicyNames
{
    /// <summary>YARP's: failures in proportion, as one process sees them.</summary>
    public const string TransportFailureRate = nameof(TransportFailureRate);

    /// <summary>Refused and reset connections seen by any front-end are evidence for the whole cluster.</summary>
    public const string ClusterOutlier = nameof(ClusterOutlier);

    /// <summary>Every name, YARP's and ours. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        TransportFailureRate,
        ClusterOutlier,
    ];
}
