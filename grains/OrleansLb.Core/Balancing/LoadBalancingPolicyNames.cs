using System.Collections.Immutable;

namespace OrleansLb.Core.Balancing;

/// <summary>Names that a cluster's <c>LoadBalancingPolicy</c> may have.</summary>
public static class LoadBalancingPolicyNames
{
    /// <summary>YARP's: the first destination by name.</summary>
    public const string FirstAlphabetical = nameof(FirstAlphabetical);

    /// <summary>YARP's name: any destination.</summary>
    public const string Random = nameof(Random);

    /// <summary>YARP's name: one after the other; every front-end starts elsewhere.</summary>
    public const string RoundRobin = nameof(RoundRobin);

    /// <summary>YARP's: the fewest requests in flight from one process.</summary>
    public const string LeastRequests = nameof(LeastRequests);

    /// <summary>YARP's: the better of two random ones, by requests in flight from one process.</summary>
    public const string PowerOfTwoChoices = nameof(PowerOfTwoChoices);

    /// <summary>The fewest requests in flight from all front-ends together, relative to weight.</summary>
    public const string ClusterLeastRequests = nameof(ClusterLeastRequests);

    /// <summary>One after the other by weight, evenly spread; every front-end starts elsewhere.</summary>
    public const string WeightedRoundRobin = nameof(WeightedRoundRobin);

    /// <summary>Any destination, by weight.</summary>
    public const string WeightedRandom = nameof(WeightedRandom);

    /// <summary>The same destination for the same client address.</summary>
    public const string IpHash = nameof(IpHash);

    /// <summary>The same destination for the same path.</summary>
    public const string UrlHash = nameof(UrlHash);

    /// <summary>The same destination for the same value of a header.</summary>
    public const string HeaderHash = nameof(HeaderHash);

    /// <summary>The same destination for the same value of a cookie.</summary>
    public const string CookieHash = nameof(CookieHash);

    /// <summary>A ring with points by weight.</summary>
    public const string ConsistentHash = nameof(ConsistentHash);

    /// <summary>Maglev's lookup table: the most even and the cheapest of the consistent ones.</summary>
    public const string Maglev = nameof(Maglev);

    /// <summary>Weighted rendezvous: a change of the configuration moves as few keys as possible.</summary>
    public const string Rendezvous = nameof(Rendezvous);

    /// <summary>Consistent, but nobody above 1.25 times its share of the requests in flight from all front-ends together.</summary>
    public const string BoundedLoadHash = nameof(BoundedLoadHash);

    /// <summary>The better of two random ones, by requests in flight from all front-ends together, relative to weight.</summary>
    public const string ClusterPowerOfTwoChoices = nameof(ClusterPowerOfTwoChoices);

    /// <summary>The least response time x requests in flight, both over all front-ends, relative to weight.</summary>
    public const string LeastResponseTime = nameof(LeastResponseTime);

    /// <summary>The shortest response time among those not busier than most: Prequal's rule.</summary>
    public const string HotCold = nameof(HotCold);

    /// <summary>By the capacity that the backends report.</summary>
    public const string ResourceBased = nameof(ResourceBased);

    /// <summary>Those that go by a key of the request.</summary>
    public static ImmutableArray<string> Hashing { get; } =
    [
        IpHash,
        UrlHash,
        HeaderHash,
        CookieHash,
        ConsistentHash,
        Maglev,
        Rendezvous,
        BoundedLoadHash,
    ];

    /// <summary>YARP's own as they are: they know of the pool what one process sees, and nothing of weights, priorities and zones.</summary>
    public static ImmutableArray<string> OfYarp { get; } =
    [
        FirstAlphabetical,
        LeastRequests,
        PowerOfTwoChoices,
    ];

    /// <summary>Every name that a configuration may have, YARP's and ours. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        FirstAlphabetical,
        Random,
        RoundRobin,
        LeastRequests,
        PowerOfTwoChoices,
        ClusterLeastRequests,
        ClusterPowerOfTwoChoices,
        LeastResponseTime,
        HotCold,
        ResourceBased,
        WeightedRoundRobin,
        WeightedRandom,
        .. Hashing,
    ];
}
