using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Concurrency.Simulation;

/// <summary>What happens in one simulated run; everything else follows from the seed.</summary>
internal sealed record SlotPlan
{
    public required int Seed { get; init; }

    /// <summary>Slots of each backend.</summary>
    public required int Limit { get; init; }

    public int Backends { get; init; } = 1;

    /// <summary>Requests a second at each front-end; its length is their number.</summary>
    public required double[] Demand { get; init; }

    public TimeSpan ServiceTime { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(12);

    public WhenUnreachable WhenUnreachable { get; init; } = WhenUnreachable.Deny;

    public double Loss { get; init; }

    public double Duplication { get; init; }

    /// <summary>Part of the messages that are late by up to <see cref="Late"/>, and so may overtake each other.</summary>
    public double Reordering { get; init; }

    public TimeSpan Late { get; init; } = TimeSpan.FromSeconds(8);

    public TimeSpan ShortestTrip { get; init; } = TimeSpan.FromMicroseconds(100);

    public TimeSpan LongestTrip { get; init; } = TimeSpan.FromMilliseconds(1);

    public double ClockError { get; init; }

    public int FrontendKills { get; init; }

    public int GrainKills { get; init; }

    public TimeSpan LongestRestart { get; init; } = TimeSpan.FromSeconds(3);

    public int Partitions { get; init; }

    public TimeSpan LongestPartition { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>How often the demand moves: each time the front-ends exchange their demands in a circle; zero for never.</summary>
    public TimeSpan DemandMoves { get; init; }

    /// <summary>How often the limit moves, to 1 to twice <see cref="Limit"/>; zero for never.</summary>
    public TimeSpan LimitMoves { get; init; }

    /// <summary>How long what was handed out by an older limit may go on to be used: a lease, and what clocks differ by.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromSeconds(5.1);

    /// <summary>The longest that a front-end takes to hear of a new limit.</summary>
    public TimeSpan LongestHearing { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests that may wait at one front-end.</summary>
    public int QueueLimit { get; init; } = 30;
}
