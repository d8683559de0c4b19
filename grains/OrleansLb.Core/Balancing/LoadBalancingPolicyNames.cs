using System.Collections.Immutable;

namespace OrleansLb.Core.Balancing;

/// <summary>Names that a cluster's <c>LoadBalancingPolicy</c> may have.</summary>
public static class LoadBalancingPolicyNames
{
    /// <summary>YARP's: the first destination by name.</summary>
    public const string FirstAlphabetical = nameof(FirstAlphabetical);

    /// <summary>YARP's: any destination.</summary>
    public const string Random = nameof(Random);

    /// <summary>YARP's: one after the other, as one process counts.</summary>
    public const string RoundRobin = nameof(RoundRobin);

    /// <summary>YARP's: the fewest requests in flight from one process.</summary>
    public const string LeastRequests = nameof(LeastRequests);

    /// <summary>YARP's: the better of two random ones, by requests in flight from one process.</summary>
    public const string PowerOfTwoChoices = nameof(PowerOfTwoChoices);

    /// <summary>The fewest requests in flight from all front-ends together, relative to weight.</summary>
    public const string ClusterLeastRequests = nameof(ClusterLeastRequests);

    /// <summary>Every name, YARP's and ours. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        FirstAlphabetical,
        Random,
        RoundRobin,
        LeastRequests,
        PowerOfTwoChoices,
        ClusterLeastRequests,
    ];
}
