using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Tests.RateLimiting.Simulation;

/// <summary>What happens in one simulated run; everything else follows from the seed.</summary>
internal sealed record SimulationPlan
{
    public required LimitRule Rule { get; init; }

    public required int Seed { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Demand of each front-end in requests a second; its length is their number.</summary>
    public required double[] Demand { get; init; }

    public double Loss { get; init; }

    public double Duplication { get; init; }

    /// <summary>Part of the messages that are late by up to <see cref="Late"/>, and so may overtake each other.</summary>
    public double Reordering { get; init; }

    public TimeSpan Late { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan ShortestTrip { get; init; } = TimeSpan.FromMicroseconds(100);

    public TimeSpan LongestTrip { get; init; } = TimeSpan.FromMilliseconds(1);

    public double ClockError { get; init; }

    public int FrontendKills { get; init; }

    public int GrainKills { get; init; }

    public TimeSpan LongestRestart { get; init; } = TimeSpan.FromSeconds(1);

    public int Partitions { get; init; }

    public TimeSpan LongestPartition { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>All front-ends together are asked four times as much for a fifth of it, a quarter as much for the rest; zero for never.</summary>
    public TimeSpan SurgePeriod { get; init; }

    /// <summary>How often a front-end falls silent for up to two seconds.</summary>
    public double PausesPerSecond { get; init; } = 0.5;

    public int LargestCost { get; init; } = 1;

    /// <summary>Part of the requests that somebody else may refuse after this limit admitted them; that is known up to <see cref="LongestHold"/> later.</summary>
    public double Held { get; init; }

    /// <summary>Part of the held ones that are refused.</summary>
    public double GivenBack { get; init; } = 0.5;

    public TimeSpan LongestHold { get; init; } = TimeSpan.FromMilliseconds(300);
}
