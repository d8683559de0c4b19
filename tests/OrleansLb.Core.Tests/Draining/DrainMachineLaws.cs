using CsCheck;
using OrleansLb.Core.Draining;

namespace OrleansLb.Core.Tests.Draining;

public sealed class DrainMachineLaws
{
    private const int Steps = 150;

    [Fact]
    public void DrainedMeansThatNothingIsThereAndNothingComesAnyMore() => Walk(static (simulation, before, after) =>
    {
        if (after.Phase != DrainPhase.Drained) return;
        Assert.False(simulation.IsAnythingThere);
        Assert.All(simulation.Frontends, static frontend => Assert.True(frontend.IsClosed));
        if (before.Phase == DrainPhase.Drained) Assert.Same(before, after);
    });

    [Fact]
    public void NothingIsCutOffBeforeTheDeadlineAndEverythingThatIsLeftAfterIt() => Walk(static (simulation, _, after) =>
    {
        var isOver = simulation.Now >= DrainSimulation.Timeout;
        Assert.True(isOver || !after.TimedOut);
        if (isOver && simulation.IsAnythingThere && after.EmptySince is null) Assert.True(after.CutsOff);
    });

    [Fact]
    public void ADrainComesToItsEnd() => Gen.Int.Sample(
        static seed =>
        {
            var simulation = new DrainSimulation(seed, seed % 2 == 0);
            for (var i = 0; i < 20 * Steps && simulation.State.Phase != DrainPhase.Drained; i++) simulation.Step();
            Assert.Equal(DrainPhase.Drained, simulation.State.Phase);
        },
        iter: 200);

    [Fact]
    public void ARestartKeepsTheDeadline() => Gen.Int.Sample(
        static seed =>
        {
            var (simulation, random) = (new DrainSimulation(seed, seed % 2 == 0), new Random(seed));
            for (var i = 0; i < Steps; i++)
            {
                if (simulation.State.Phase != DrainPhase.Drained && random.Next(10) == 0) simulation.Restart(DrainSimulation.Timeout);
                var after = simulation.Step();
                var isOver = simulation.Now >= DrainSimulation.Timeout;
                Assert.True(isOver || !after.TimedOut);
                if (isOver) Assert.NotEqual(DrainPhase.Finishing, after.Phase);
            }
        },
        iter: 200);

    [Fact]
    public void NoInputThrows() => Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Bool).Sample(
        static (left, timeout, arrivals, phase, keepsSessions, empty, closed) =>
        {
            var state = DrainMachine.Start((DrainPhase)phase, new TimeSpan(left), new TimeSpan(timeout), keepsSessions, TimeSpan.Zero);
            for (var i = 0; i < 3; i++)
            {
                state = DrainMachine.Advance(state, new DrainCensus(empty, closed, arrivals + i), TimeSpan.FromHours(i));
                state = DrainMachine.Limit(state, new TimeSpan(left), TimeSpan.FromHours(i));
            }
        });

    private static void Walk(Action<DrainSimulation, DrainState, DrainState> law) => Gen.Int.Sample(
        seed =>
        {
            var simulation = new DrainSimulation(seed, seed % 2 == 0);
            for (var i = 0; i < Steps; i++)
            {
                var before = simulation.State;
                law(simulation, before, simulation.Step());
            }
        },
        iter: 300);
}
