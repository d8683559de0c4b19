using OrleansLb.BenchProcesses;

namespace OrleansLb.Simulation.Tests.Benchmarks;

public sealed class PatienceTests
{
    private static readonly Func<TimeSpan> Quiet = static () => TimeSpan.Zero;

    // All processors, all the time.
    private static readonly Func<TimeSpan> Busy = static () => TimeProvider.System.GetElapsedTime(0) * Environment.ProcessorCount;

    [Fact]
    public async Task Measure_DisturbedTwice_MeasuresAgainUntilItWasQuiet()
    {
        var patience = new Patience(TimeSpan.FromMinutes(5), TimeProvider.System, Quiet);
        Assert.Equal((3, 0.05), await Measure(patience, 0.5, 0.11, 0.05));
        Assert.StartsWith("In 0 of 1 turns", patience.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measure_NoPatience_TakesWhatThereIsAndCountsIt()
    {
        var patience = new Patience(TimeSpan.Zero, TimeProvider.System, Busy);
        Assert.Equal((1, 0.5), await Measure(patience, 0.5, 0.05));
        Assert.Equal((1, 0.05), await Measure(patience, 0.05));
        Assert.StartsWith("In 1 of 2 turns", patience.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measure_MachineIsNeverQuiet_EndsWithItsPatience()
    {
        var patience = new Patience(TimeSpan.FromMilliseconds(600), TimeProvider.System, Busy);
        Assert.Equal((1, 0.9), await Measure(patience, 0.9, 0.9, 0.9));
        Assert.StartsWith("In 1 of 1 turns", patience.Summary, StringComparison.Ordinal);
    }

    private static async Task<(int Times, double Others)> Measure(Patience patience, params double[] others)
    {
        var times = 0;
        var measured = await patience.Measure(() => others[times++], static share => share, TestContext.Current.CancellationToken);
        return (times, measured);
    }
}
