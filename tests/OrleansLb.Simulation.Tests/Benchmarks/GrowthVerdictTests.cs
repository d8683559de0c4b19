using OrleansLb.BenchProcesses.Growth;

namespace OrleansLb.Simulation.Tests.Benchmarks;

public sealed class GrowthVerdictTests
{
    private const int Count = 60;
    private const long Megabyte = 1_000_000;

    [Fact]
    public void Misses_NothingGrows_None() => Assert.Empty(Run(TimeSpan.FromHours(8), static (_, sample) => sample));

    [Fact]
    public void Misses_ItGrewWhileItWarmedUp_None() =>
        Assert.Empty(Run(TimeSpan.FromMinutes(3), static (i, sample) => sample with { Memory = Math.Min(i, Count / 2) * Megabyte, Threads = Math.Min(i, Count / 2), Handles = Math.Min(i, Count / 2) }));

    [Fact]
    public void Misses_LittleMemoryWithinMinutes_None() => Assert.Empty(Run(TimeSpan.FromMinutes(3), static (i, sample) => sample with { Memory = sample.Memory + (i * Megabyte / 10) }));

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(3, 1)]
    public void Misses_MemoryOfALongRun_MoreThanAMegabyteAnHour(double growthAnHour, int expected) =>
        Assert.Equal(expected, Run(TimeSpan.FromHours(24), (i, sample) => sample with { Memory = sample.Memory + (long)(growthAnHour * i * 24 / Count * Megabyte) }).Count(static miss => miss.Contains("memory grew", StringComparison.Ordinal)));

    [Fact]
    public void Misses_EachFigureThatGrows_IsSaid()
    {
        var misses = Run(TimeSpan.FromMinutes(3), static (i, sample) => sample with { Memory = sample.Memory + (4 * i * Megabyte), Handles = i, Threads = i, Timers = 2 * i, Collections = i < Count * 3 / 4 ? 0 : i });
        Assert.Collection(
            misses.Order(StringComparer.Ordinal),
            static miss => Assert.Contains("collections of the oldest generation", miss, StringComparison.Ordinal),
            static miss => Assert.StartsWith("p: memory grew by ", miss, StringComparison.Ordinal),
            static miss => Assert.StartsWith("p: open files grew from ", miss, StringComparison.Ordinal),
            static miss => Assert.StartsWith("p: threads grew from ", miss, StringComparison.Ordinal),
            static miss => Assert.StartsWith("p: timers grew from ", miss, StringComparison.Ordinal));
    }

    private static string[] Run(TimeSpan length, Func<int, ProcessSample, ProcessSample> change) =>
        [.. GrowthVerdict.Misses([.. Enumerable.Range(0, Count).Select(i => change(i, new ProcessSample(length / Count * i, "p", 100 * Megabyte, 100, 20, i, 30)))])];
}
