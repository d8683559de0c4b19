namespace OrleansLb.Core.Tests.RateLimiting.Simulation;

/// <summary>A monotonic clock with an origin and a rate of its own.</summary>
internal readonly record struct SimulatedClock(TimeSpan Origin, double Rate)
{
    public TimeSpan At(TimeSpan truth) => Origin + (truth * Rate);

    public static SimulatedClock Random(Random random, double error) =>
        new(TimeSpan.FromSeconds(random.NextDouble() * 1000), 1 + (error * ((2 * random.NextDouble()) - 1)));
}
