using CsCheck;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Snapshots;
using OrleansLb.Core.Tests.Health.Outliers;

namespace OrleansLb.Core.Tests.Health.Circuits;

public sealed class CircuitMachineTests
{
    private static readonly BackendKey Key = Pools.Key(0);
    private static readonly CircuitDefinition Settings = new() { BreakDuration = Seconds(5), MaxBreakDuration = Seconds(20), TrialTimeout = Seconds(2) };

    private readonly ScriptedOutcomes _outcomes = new();
    private readonly CircuitMachine _machine = new(seed: 100);
    private TimeSpan _now = Seconds(1000);

    public CircuitMachineTests() => Configure(Settings);

    [Fact]
    public void Judge_HalfOfTwentyAnswersAreErrors_OpensForTheBreak()
    {
        _outcomes.Answer(Key, good: 10, errors: 9);
        Assert.Empty(Judge());
        _outcomes.Answer(Key, good: 0, errors: 1);
        var change = Assert.Single(Judge());
        Assert.Equal((Key, CircuitState.Open, Seconds(5), "10 of 20 answers were server errors"), (change.Key, change.State, change.For, change.Evidence));
        Assert.Equal(CircuitState.Open, _machine.StateOf(Key));
        Assert.Equal(CircuitState.Closed, _machine.StateOf(Pools.Key(1)));
    }

    [Fact]
    public void StandingOf_ACircuitThroughItsLife_IsWhatHolds()
    {
        Assert.Equal(new CircuitStanding(CircuitState.Closed, TimeSpan.Zero, false), _machine.StandingOf(Key, _now));
        Break();
        Assert.Equal(new CircuitStanding(CircuitState.Open, Seconds(3), false), _machine.StandingOf(Key, _now + Seconds(2)));
        Judge(after: Seconds(5));
        var trial = _machine.BeginTrial(Key, _now);
        Assert.Equal(new CircuitStanding(CircuitState.HalfOpen, TimeSpan.Zero, true), _machine.StandingOf(Key, _now));
        _machine.EndTrial(Key, trial, TrialOutcome.Succeeded, _outcomes, _now);
        Assert.Equal(new CircuitStanding(CircuitState.Closed, TimeSpan.Zero, false), _machine.StandingOf(Key, _now));
        Assert.Null(_machine.StandingOf(Pools.Key(99), _now));
    }

    [Fact]
    public void Judge_ErrorsOfLongAgo_AreForgotten()
    {
        _outcomes.Answer(Key, good: 0, errors: 19);
        Assert.Empty(Judge());
        for (var i = 0; i < 12; i++)
            Assert.Empty(Judge(after: Seconds(1)));
        _outcomes.Answer(Key, good: 0, errors: 10);
        Assert.Empty(Judge());
        _outcomes.Answer(Key, good: 0, errors: 10);
        Assert.Single(Judge());
    }

    [Fact]
    public void BeginTrial_OfAHalfOpenCircuit_IsGivenOnce()
    {
        Assert.Equal(0, _machine.BeginTrial(Key, _now));
        Break();
        Assert.Equal(0, _machine.BeginTrial(Key, _now));
        Assert.Equal(CircuitState.HalfOpen, Assert.Single(Judge(after: Seconds(5))).State);
        var trial = _machine.BeginTrial(Key, _now);
        Assert.True(trial > 100);
        Assert.Equal(0, _machine.BeginTrial(Key, _now));
    }

    [Fact]
    public void EndTrial_Succeeded_ClosesAndHoldsNothingOfBeforeAgainstTheBackend()
    {
        Break();
        Judge(after: Seconds(5));
        var trial = _machine.BeginTrial(Key, _now);
        Assert.Equal(CircuitState.Closed, End(trial, TrialOutcome.Succeeded)?.State);
        Assert.Empty(Judge());
        Assert.Equal(CircuitState.Closed, _machine.StateOf(Key));
    }

    [Fact]
    public void EndTrial_FailedAgainAndAgain_EachBreakIsTwiceAsLongUpToTheLongest()
    {
        Break();
        var length = Seconds(5);
        foreach (var next in (double[])[10, 20, 20])
        {
            Assert.Empty(Judge(after: length - Seconds(0.1)));
            Judge(after: Seconds(0.1));
            var change = End(_machine.BeginTrial(Key, _now), TrialOutcome.Failed);
            Assert.Equal((CircuitState.Open, Seconds(next)), (change?.State, change?.For));
            length = Seconds(next);
        }
    }

    [Fact]
    public void EndTrial_Abandoned_LetsAnotherTry()
    {
        Break();
        Judge(after: Seconds(5));
        var first = _machine.BeginTrial(Key, _now);
        Assert.Null(End(first, TrialOutcome.Abandoned));
        var second = _machine.BeginTrial(Key, _now);
        Assert.NotEqual(0, second);
        // What is told of the first one late changes nothing.
        Assert.Null(End(first, TrialOutcome.Succeeded));
        Assert.Equal(CircuitState.HalfOpen, _machine.StateOf(Key));
    }

    [Fact]
    public void Judge_TrialOfWhichNothingIsHeard_HasFailed()
    {
        Break();
        Judge(after: Seconds(5));
        var trial = _machine.BeginTrial(Key, _now);
        Assert.Empty(Judge(after: Seconds(1.9)));
        var change = Assert.Single(Judge(after: Seconds(0.1)));
        Assert.Equal((CircuitState.Open, Seconds(10), "a trial had no answer in time"), (change.State, change.For, change.Evidence));
        Assert.Null(End(trial, TrialOutcome.Succeeded));
    }

    [Fact]
    public void Resume_HalfOpen_GivesNoTrialWhileOneOfBeforeMayBeUnderWay()
    {
        Assert.Equal(CircuitState.HalfOpen, _machine.Resume(Key, CircuitState.HalfOpen, _now));
        _now += Seconds(1.9);
        Assert.Equal(0, _machine.BeginTrial(Key, _now));
        _now += Seconds(0.1);
        Assert.NotEqual(0, _machine.BeginTrial(Key, _now));
        Assert.Equal(CircuitState.Closed, _machine.Resume(Pools.Key(9), CircuitState.Open, _now));
    }

    [Fact]
    public void Configure_WithoutCircuits_ClosesThem()
    {
        Break();
        Assert.Equal((Key, CircuitState.Closed), Assert.Single(Configure(null).Select(static change => (change.Key, change.State))));
        Assert.Equal(CircuitState.Closed, _machine.StateOf(Key));
    }

    [Fact]
    public void Anything_InAnyOrder_ThereIsOneTrialAtATimeAndNoneButOfHalfOpenCircuits() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3000], Gen.Int[0, 2]).Array[1, 200].Sample(static steps =>
        {
            var (outcomes, machine, now) = (new ScriptedOutcomes(), new CircuitMachine(0), TimeSpan.Zero);
            machine.Configure(Pools.Of(2) with { Circuit = Settings }, outcomes, now);
            var (trial, endsAt, last) = (0L, TimeSpan.Zero, 0L);
            foreach (var (step, milliseconds, outcome) in steps)
            {
                now += TimeSpan.FromMilliseconds(milliseconds);
                machine.Judge(outcomes, now);
                if (now >= endsAt)
                    trial = 0;
                switch (step)
                {
                    case 0:
                        outcomes.Answer(Key, good: 1, errors: 20);
                        break;
                    case 1 or 2 or 3:
                        var state = machine.StateOf(Key);
                        var given = machine.BeginTrial(Key, now);
                        Assert.True(given == 0 || (trial == 0 && state == CircuitState.HalfOpen && given > last));
                        if (given != 0)
                            (trial, endsAt, last) = (given, now + Settings.TrialTimeout, given);
                        break;
                    case 4:
                        machine.EndTrial(Key, trial, (TrialOutcome)outcome, outcomes, now);
                        trial = 0;
                        break;
                    default:
                        machine.EndTrial(Key, last - 1, (TrialOutcome)outcome, outcomes, now);
                        break;
                }
            }
        });

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private IReadOnlyList<CircuitChange> Configure(CircuitDefinition? settings) => _machine.Configure(Pools.Of(2) with { Circuit = settings }, _outcomes, _now);

    private IReadOnlyList<CircuitChange> Judge(TimeSpan after = default)
    {
        _now += after;
        return _machine.Judge(_outcomes, _now);
    }

    private CircuitChange? End(long trial, TrialOutcome outcome) => _machine.EndTrial(Key, trial, outcome, _outcomes, _now);

    private void Break()
    {
        _outcomes.Answer(Key, good: 0, errors: 20);
        Assert.Single(Judge());
    }
}
