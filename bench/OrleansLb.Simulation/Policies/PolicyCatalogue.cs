using System.Collections.Immutable;

namespace OrleansLb.Simulation.Policies;

/// <summary>The policies, by name. A new one is a class and a line here.</summary>
public static class PolicyCatalogue
{
    /// <summary>Any backend, by weight: with equal weights and Poisson arrivals each backend is a queue of its own.</summary>
    public static PolicyChoice Random { get; } = new("random", false, static _ => new RandomChoice());

    /// <summary>The better of two, known perfectly: what the supermarket model describes.</summary>
    public static PolicyChoice InformedPowerOfTwo { get; } = new("informed power of two", false, static _ => new InformedPowerOfTwo());

    /// <summary>The best of all, known perfectly: what nobody can do.</summary>
    public static PolicyChoice InformedLeastRequests { get; } = new("informed least requests", false, static _ => new InformedLeastRequests());

    /// <summary>The better of two by what one front-end has in flight itself.</summary>
    public static PolicyChoice LocalPowerOfTwo { get; } = new("local power of two", false, static _ => new LocalPowerOfTwo());

    /// <summary>The best of all by what one front-end has in flight itself.</summary>
    public static PolicyChoice LocalLeastRequests { get; } = new("local least requests", false, static _ => new LocalLeastRequests());

    /// <summary>The shipped rule of <c>ClusterLeastRequests</c>.</summary>
    public static PolicyChoice ClusterLeastRequests { get; } = ClusterLeastRequestsWith(RuleConstants.Shipped);

    /// <summary>The shipped rule of <c>ClusterPowerOfTwoChoices</c>.</summary>
    public static PolicyChoice ClusterPowerOfTwoChoices { get; } = new("cluster power of two", true, static _ => new ClusterPowerOfTwoChoices());

    /// <summary>The shipped rule of <c>LeastResponseTime</c>.</summary>
    public static PolicyChoice LeastResponseTime { get; } =
        new("least response time", true, static setup => new LeastResponseTime(setup.Weights.Length)) { ExchangesTimes = true };

    /// <summary>The shipped rule of <c>HotCold</c>.</summary>
    public static PolicyChoice HotCold { get; } = new("hot and cold", true, static setup => new HotCold(setup.Weights.Length)) { ExchangesTimes = true };

    /// <summary>The shipped rule of <c>BoundedLoadHash</c>, every request with a key of its own.</summary>
    public static PolicyChoice BoundedLoadHash { get; } = new("bounded-load hash", true, static setup => new BoundedLoadHash(setup.Weights));

    /// <summary>The shipped rule of <c>WeightedRandom</c>; with equal weights that of <c>Random</c>, and of the hashes without a bound.</summary>
    public static PolicyChoice WeightedRandom { get; } = new("weighted random", false, static _ => new WeightedRandom());

    /// <summary>The shipped rule of <c>WeightedRoundRobin</c>; with equal weights that of <c>RoundRobin</c>.</summary>
    public static PolicyChoice WeightedRoundRobin { get; } = new("weighted round robin", false, static setup => new WeightedRoundRobin(setup));

    /// <summary>Every policy.</summary>
    public static ImmutableArray<PolicyChoice> All { get; } =
    [
        Random,
        InformedPowerOfTwo,
        InformedLeastRequests,
        LocalPowerOfTwo,
        LocalLeastRequests,
        WeightedRandom,
        WeightedRoundRobin,
        BoundedLoadHash,
        ClusterPowerOfTwoChoices,
        ClusterLeastRequests,
        LeastResponseTime,
        HotCold,
    ];

    /// <summary>The rule of <c>ClusterLeastRequests</c> with other constants.</summary>
    /// <param name="constants">The constants.</param>
    public static PolicyChoice ClusterLeastRequestsWith(RuleConstants constants) =>
        new("cluster least requests", true, _ => new ClusterLeastRequests(constants));
}
