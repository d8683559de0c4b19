using System.Collections.Immutable;

namespace OrleansLb.Simulation.Policies;

/// <summary>The policies, by name. A new one is a class and a line here.</summary>
public static class PolicyCatalogue
{
    /// <summary>Any backend, by weight: with equal weights and Poisson arrivals each backend is a queue of its own.</summary>
    public static PolicyChoice Random { get; } = new("random", false, static setup => new RandomChoice(setup.Weights));

    /// <summary>The better of two, known perfectly: what the supermarket model describes.</summary>
    public static PolicyChoice InformedPowerOfTwo { get; } = new("informed power of two", false, static setup => new InformedPowerOfTwo(setup.Weights));

    /// <summary>The best of all, known perfectly: what nobody can do.</summary>
    public static PolicyChoice InformedLeastRequests { get; } = new("informed least requests", false, static _ => new InformedLeastRequests());

    /// <summary>The better of two by what one front-end has in flight itself.</summary>
    public static PolicyChoice LocalPowerOfTwo { get; } = new("local power of two", false, static setup => new LocalPowerOfTwo(setup.Weights));

    /// <summary>The best of all by what one front-end has in flight itself.</summary>
    public static PolicyChoice LocalLeastRequests { get; } = new("local least requests", false, static _ => new LocalLeastRequests());

    /// <summary>The shipped rule of <c>ClusterLeastRequests</c>.</summary>
    public static PolicyChoice ClusterLeastRequests { get; } = new("cluster least requests", true, static _ => new ClusterLeastRequests());

    /// <summary>Every policy.</summary>
    public static ImmutableArray<PolicyChoice> All { get; } =
    [
        Random,
        InformedPowerOfTwo,
        InformedLeastRequests,
        LocalPowerOfTwo,
        LocalLeastRequests,
        ClusterLeastRequests,
    ];
}
