using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>Names that a cluster's <c>HealthCheck:AvailableDestinationsPolicy</c> may have.</summary>
public static class AvailableDestinationsPolicyNames
{
    /// <summary>YARP's: destinations not known to be unhealthy.</summary>
    public const string HealthyAndUnknown = nameof(HealthyAndUnknown);

    /// <summary>YARP's: destinations not known to be unhealthy, or all when there are none.</summary>
    public const string HealthyOrPanic = nameof(HealthyOrPanic);

    /// <summary>Backends that the cluster holds eligible; below the panic threshold removed ones are re-admitted.</summary>
    public const string ClusterHealthyOrPanic = nameof(ClusterHealthyOrPanic);

    /// <summary>Every name, YARP's and ours. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        HealthyAndUnknown,
        HealthyOrPanic,
        ClusterHealthyOrPanic,
    ];
}
