using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Concurrency.Keys.Simulation;

/// <summary>What happens in one simulated run; everything else follows from the seed.</summary>
internal sealed record KeySlotPlan
{
    public required int Seed { get; init; }

    /// <summary>Slots of each key.</summary>
    public required int Limit { get; init; }

    public int Keys { get; init; } = 1;

    /// <summary>Requests a second at each front-end; its length is their number.</summary>
    public required double[] Demand { get; init; }

    public RateLimitMode Mode { get; init; } = RateLimitMode.Auto;

    public TimeSpan ServiceTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long requests come and faults happen.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long the run goes on after that: all requests end within, and a lease after them.</summary>
    public TimeSpan Aftermath { get; init; } = TimeSpan.FromSeconds(24);

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

    /// <summary>Requests that may wait at one front-end for one key.</summary>
    public int QueueLimit { get; init; }

    /// <summary>The largest number of slots that one request takes.</summary>
    public int LargestCount { get; init; } = 1;
}
