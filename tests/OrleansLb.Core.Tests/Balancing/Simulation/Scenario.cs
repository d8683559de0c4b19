using System.Collections.Immutable;

namespace OrleansLb.Core.Tests.Balancing.Simulation;

internal sealed record Scenario
{
    public required int Frontends { get; init; }

    public required ImmutableArray<SimulatedBackend> Backends { get; init; }

    /// <summary>Requests a second over all front-ends.</summary>
    public double ArrivalRate { get; init; }

    /// <summary>Instead of a rate: this many clients, each with one request at a time on a front-end of its own choice.</summary>
    public int Clients { get; init; }

    /// <summary>Seconds of a request at a backend of slowness 1, on average.</summary>
    public required double ServiceTime { get; init; }

    /// <summary>Draws a service time of mean 1.</summary>
    public Func<Random, double> Service { get; init; } = Exponential;

    /// <summary>Every such many seconds the arrival rate is thrice as high for a tenth of them; 0 for none.</summary>
    public double BurstEvery { get; init; }

    /// <summary>Seconds from a front-end to the pool, and back again.</summary>
    public double Delay { get; init; } = 0.0003;

    /// <summary>Share of messages lost, each way.</summary>
    public double Loss { get; init; }

    public double Seconds { get; init; } = 10;

    public double WarmupSeconds { get; init; } = 1;

    public int Seed { get; init; } = 1;

    public static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());

    public static double Constant(Random random) => 1;

    /// <summary>Bounded Pareto of index 1.5 from 1/3 on: mean 1 before the bound, a few requests a hundred times as long.</summary>
    public static double HeavyTailed(Random random) => Math.Min(300, Math.Pow(1 - random.NextDouble(), -1 / 1.5) / 3);
}
