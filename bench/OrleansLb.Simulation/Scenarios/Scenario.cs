using System.Collections.Immutable;

namespace OrleansLb.Simulation.Scenarios;

/// <summary>Everything that happens in a run but for chance and for the policy. Times are in mean service times unless said.</summary>
public sealed record Scenario
{
    /// <summary>As reports call it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Front-ends, 1 or more; requests arrive at each of them alike.</summary>
    public required int Frontends { get; init; }

    /// <summary>The backends, one or more.</summary>
    public required ImmutableArray<BackendShape> Backends { get; init; }

    /// <summary>Mean arrivals as a share of what the backends can serve; where they serve all at once, requests in flight per backend of slowness 1.</summary>
    public required double Load { get; init; }

    /// <summary>Seconds of a mean service time: the machines' constants are in real time.</summary>
    /// <value>Default 20 ms, at which a fixed interval of ten service times is shorter than the leases of counts.</value>
    public double ServiceSeconds { get; init; } = 0.02;

    /// <summary>How long requests take.</summary>
    public ServiceLaw Service { get; init; } = ServiceLaw.Exponential;

    /// <summary>How requests arrive.</summary>
    public ArrivalLaw Arrivals { get; init; } = ArrivalLaw.Poisson;

    /// <summary>When load is exchanged.</summary>
    public Staleness Staleness { get; init; } = Staleness.RealPace;

    /// <summary>Mean seconds from a front-end to the pool, and as many back.</summary>
    public double DelaySeconds { get; init; } = 0.0003;

    /// <summary>Share of messages lost, each way.</summary>
    public double Loss { get; init; }

    /// <summary>What fails and comes back.</summary>
    public ImmutableArray<Failure> Failures { get; init; } = [];

    /// <summary>How backends are watched.</summary>
    public HealthWatch Health { get; init; } = new();

    /// <summary>Time before anything is measured.</summary>
    public double Warmup { get; init; } = 100;

    /// <summary>Time that is measured.</summary>
    public double Duration { get; init; } = 1000;

    /// <summary>Mean arrivals in a service time.</summary>
    public double ArrivalRate => Load * Backends.Sum(static backend => backend.Capacity);

    /// <summary>So many backends alike.</summary>
    /// <param name="count">How many.</param>
    /// <param name="servers">Requests that each serves at once; 0 for all.</param>
    public static ImmutableArray<BackendShape> Alike(int count, int servers = 1) =>
        [.. Enumerable.Repeat(new BackendShape(Servers: servers), count)];
}
