using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health.Outliers;

public sealed class OutlierMachineTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly OutlierDefinition OnlyPercentage = new() { FailurePercentThreshold = 85, SuccessRateStdevFactor = 0, ConsecutiveFailures = 0 };

    [Fact]
    public void Judge_FiveFailuresInARow_EjectAtOnceForThirtySeconds()
    {
        var scene = new OutlierScene(4);
        scene.Outcomes.Fail(Pools.Key(1), 4);
        Assert.Empty(scene.Judge());
        scene.Outcomes.Fail(Pools.Key(1), 1);
        var change = Assert.Single(scene.Judge());
        Assert.Equal((Pools.Key(1), OutlierChangeKind.Ejected), (change.Key, change.Kind));
        Assert.Equal(new Ejection(OutlierCause.ConsecutiveFailures, 1, scene.Now + TimeSpan.FromSeconds(30)), change.Verdict.Ejection);
        Assert.Equal("5 gateway failures in a row over 2 front-ends", change.Evidence.InWords());
        Assert.False(scene.Pool.Status(1).TakesNew);
        Assert.False(scene.Pool.Status(1).TakesPinned);
    }

    [Fact]
    public void Judge_TimeIsOver_BackendReturns()
    {
        var scene = new OutlierScene(4);
        scene.Eject(1);
        Assert.Empty(scene.Judge(after: TimeSpan.FromSeconds(29.9)));
        Assert.Equal(OutlierChangeKind.Returned, Assert.Single(scene.Judge(after: TimeSpan.FromSeconds(0.1))).Kind);
        Assert.True(scene.Pool.Status(1).TakesNew);
    }

    [Fact]
    public void Judge_FailedWhileItWasEjected_IsNotHeldAgainstItAtItsReturn()
    {
        var scene = new OutlierScene(4);
        scene.Eject(1);
        scene.Outcomes.Fail(Pools.Key(1), 50);
        Assert.Equal(OutlierChangeKind.Returned, Assert.Single(scene.Judge(after: TimeSpan.FromSeconds(30))).Kind);
        Assert.Empty(scene.Judge(after: Interval));
    }

    [Fact]
    public void Judge_EjectedAgain_StaysLongerUpToTheLongest()
    {
        var scene = new OutlierScene(4, new OutlierDefinition { MaxEjection = TimeSpan.FromSeconds(70) });
        foreach (var seconds in (double[])[30, 60, 70, 70])
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), scene.Eject(1));
            scene.Judge(after: TimeSpan.FromSeconds(seconds));
        }
    }

    [Fact]
    public void Judge_HealthyIntervals_EachForgivesOneEjection()
    {
        var scene = new OutlierScene(4);
        for (var i = 1; i <= 3; i++)
            scene.Judge(after: scene.Eject(1));
        scene.Judge(after: Interval);
        scene.Judge(after: Interval);
        Assert.Equal(TimeSpan.FromSeconds(60), scene.Eject(1));
    }

    [Fact]
    public void Judge_ThreeOfFourFail_OneIsEjected()
    {
        var scene = new OutlierScene(4);
        for (var i = 0; i < 3; i++)
            scene.Outcomes.Fail(Pools.Key(i), 9 - i);
        scene.Judge();
        Assert.Equal([0], scene.Ejected);
        for (var i = 0; i < 3; i++)
            scene.Outcomes.Fail(Pools.Key(i), 9);
        scene.Judge();
        Assert.Equal([0], scene.Ejected);
    }

    [Theory]
    [InlineData(20, 10, 2)]
    [InlineData(19, 10, 1)]
    [InlineData(5, 100, 4)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 100, 0)]
    public void Judge_AllFail_TheShareIsEjectedAndNeverTheLast(int backends, int percent, int ejected)
    {
        var scene = new OutlierScene(backends, new OutlierDefinition { MaxEjectionPercent = percent });
        for (var i = 0; i < backends; i++)
            scene.Outcomes.Fail(Pools.Key(i), 5);
        scene.Judge();
        Assert.Equal(ejected, scene.Ejected.Length);
    }

    [Fact]
    public void Judge_OthersAreDown_TheLastThatServesIsNotEjected()
    {
        var scene = new OutlierScene(3, panicPercent: 0);
        scene.Verdict(0, Pools.Unreachable);
        scene.Verdict(1, HealthVerdict.Joining);
        scene.Outcomes.Fail(Pools.Key(2), 50);
        Assert.Empty(scene.Judge());
        scene.Verdict(1, Pools.Up);
        scene.Outcomes.Fail(Pools.Key(2), 5);
        Assert.Single(scene.Judge());
    }

    [Fact]
    public void Judge_TooFewLeft_PanicReadmitsTheEjected()
    {
        var scene = new OutlierScene(4);
        scene.Verdict(0, Pools.Unreachable);
        scene.Verdict(1, Pools.Unreachable);
        scene.Eject(2);
        Assert.True(scene.Pool.Published.Panic);
        Assert.True(scene.Pool.Status(2) is { TakesNew: true, ByPanic: true, State: BackendState.Down });
        Assert.False(scene.Pool.Status(0).TakesNew);
    }

    [Fact]
    public void Judge_MonitorTakesTheEjectedOut_ItsProbesDecideFromThenOn()
    {
        var scene = new OutlierScene(4);
        scene.Eject(1);
        scene.Verdict(1, Pools.Unreachable);
        Assert.Null(scene.Pool.Status(1).Ejection);
        Assert.Equal(OutlierChangeKind.LeftToMonitor, Assert.Single(scene.Judge()).Kind);
        scene.Verdict(1, Pools.Up);
        Assert.True(scene.Pool.Status(1).TakesNew);
        scene.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(60), scene.Eject(1));
    }

    [Theory]
    [InlineData(AdminState.Draining)]
    [InlineData(AdminState.Maintenance)]
    public void Judge_AdministratorHasIt_IsNotEjected(AdminState admin)
    {
        var scene = new OutlierScene(4);
        scene.Admin(1, admin);
        scene.Outcomes.Fail(Pools.Key(1), 50);
        Assert.Empty(scene.Judge());
    }

    [Fact]
    public void Judge_EjectedBackendIsDrained_ItsSessionsGoToo()
    {
        var scene = new OutlierScene(4);
        scene.Eject(1);
        scene.Admin(1, AdminState.Draining);
        Assert.True(scene.Pool.Status(1) is { State: BackendState.Draining, TakesPinned: false });
    }

    [Fact]
    public void Judge_OneSucceedsFarLessThanFive_IsEjectedAtTheIntervalsEnd()
    {
        var scene = new OutlierScene(5);
        for (var i = 0; i < 5; i++)
            scene.Outcomes.Answer(Pools.Key(i), i == 3 ? 0 : 100, errors: i == 3 ? 100 : 0);
        Assert.Empty(scene.Judge(after: Interval - TimeSpan.FromTicks(1)));
        var change = Assert.Single(scene.Judge(after: TimeSpan.FromTicks(1)));
        Assert.Equal((Pools.Key(3), OutlierCause.SuccessRate), (change.Key, change.Verdict.Ejection!.Value.Cause));
        Assert.Equal("0 % of 100 answers were good, less than the pool's limit of 4 %", change.Evidence.InWords());
    }

    [Theory]
    [InlineData(4, 100, 1.9)]
    [InlineData(5, 99, 1.9)]
    [InlineData(5, 100, 2.1)]
    [InlineData(5, 100, 0)]
    public void Judge_TooFewBackendsOrAnswersOrNotFarEnoughOff_NobodyIsEjectedByTheSuccessRate(int backends, int answers, double factor)
    {
        var scene = new OutlierScene(backends, new OutlierDefinition { SuccessRateStdevFactor = factor });
        for (var i = 0; i < backends; i++)
            scene.Outcomes.Answer(Pools.Key(i), i == 3 ? 0 : answers, errors: i == 3 ? answers : 0);
        Assert.Empty(scene.Judge(after: Interval));
    }

    [Fact]
    public void Judge_AnswersOfTheIntervalBefore_DoNotCount()
    {
        var scene = new OutlierScene(5);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 5; i++)
                scene.Outcomes.Answer(Pools.Key(i), i == 3 ? 0 : 60, errors: i == 3 ? 60 : 0);
            Assert.Empty(scene.Judge(after: Interval));
        }
    }

    [Fact]
    public void Judge_FailurePercentage_IsOffUntilItIsSet()
    {
        var scene = new OutlierScene(5, OnlyPercentage with { FailurePercentThreshold = null });
        for (var i = 0; i < 5; i++)
            scene.Outcomes.Answer(Pools.Key(i), 0, errors: 1000);
        Assert.Empty(scene.Judge(after: Interval));
    }

    [Fact]
    public void Judge_FailurePercentage_EjectsTheWorst()
    {
        var scene = new OutlierScene(5, OnlyPercentage);
        for (var i = 0; i < 5; i++)
            scene.Outcomes.Answer(Pools.Key(i), 20 - (i * 4), errors: 80 + (i * 4));
        var change = Assert.Single(scene.Judge(after: Interval));
        Assert.Equal((Pools.Key(4), OutlierCause.FailurePercentage), (change.Key, change.Verdict.Ejection!.Value.Cause));
        Assert.Equal("96 % of 100 answers were server errors, the limit is 85 %", change.Evidence.InWords());
    }

    [Theory]
    [InlineData(4, 50, 0, false)]
    [InlineData(5, 49, 0, false)]
    [InlineData(5, 50, 0, true)]
    [InlineData(5, 85, 15, true)]
    [InlineData(5, 84, 16, false)]
    public void Judge_FailurePercentage_NeedsBackendsAnswersAndTheShare(int backends, int errors, int good, bool ejected)
    {
        var scene = new OutlierScene(backends, OnlyPercentage);
        for (var i = 0; i < backends; i++)
            scene.Outcomes.Answer(Pools.Key(i), i == 0 ? good : 100, errors: i == 0 ? errors : 0);
        Assert.Equal(ejected, scene.Judge(after: Interval).Count == 1);
    }

    [Fact]
    public void Judge_OneIsSlow_IsDegradedAndNeverRemoved()
    {
        var scene = new OutlierScene(3, new OutlierDefinition { DegradedLatencyFactor = 3 });
        Answer(scene, 10, 10, 31);
        var change = Assert.Single(scene.Judge(after: Interval));
        Assert.Equal((Pools.Key(2), OutlierChangeKind.Slowed), (change.Key, change.Kind));
        Assert.Equal("answers take 31 ms on average, the pool's median is 10 ms", change.Evidence.InWords());
        Assert.True(scene.Pool.Status(2) is { State: BackendState.Degraded, TakesNew: true, TakesPinned: true, Slow: true });
    }

    [Fact]
    public void Judge_SlowBackend_RecoversHalfWayAndNotOnTheBorder()
    {
        var scene = new OutlierScene(3, new OutlierDefinition { DegradedLatencyFactor = 3 });
        Answer(scene, 10, 10, 31);
        scene.Judge(after: Interval);
        Answer(scene, 10, 10, 21);
        Assert.Empty(scene.Judge(after: Interval));
        Answer(scene, 10, 10, 19);
        Assert.Equal(OutlierChangeKind.Recovered, Assert.Single(scene.Judge(after: Interval)).Kind);
        Assert.Equal(BackendState.Up, scene.Pool.Status(2).State);
    }

    [Fact]
    public void Judge_SlowBackendGetsLittleTraffic_ItsAnswersAddUpOverIntervals()
    {
        var scene = new OutlierScene(3, new OutlierDefinition { DegradedLatencyFactor = 3 });
        Answer(scene, 10, 10, 40);
        scene.Judge(after: Interval);
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(scene.Judge(after: Interval));
            scene.Outcomes.Answer(Pools.Key(0), 100, milliseconds: 10);
            scene.Outcomes.Answer(Pools.Key(1), 100, milliseconds: 10);
            scene.Outcomes.Answer(Pools.Key(2), 7, milliseconds: 10);
        }

        Assert.Equal(OutlierChangeKind.Recovered, Assert.Single(scene.Judge(after: Interval)).Kind);
    }

    [Fact]
    public void Judge_OfTwoBackendsTheSlower_IsHeldAgainstTheQuicker()
    {
        var scene = new OutlierScene(2, new OutlierDefinition { DegradedLatencyFactor = 3 });
        scene.Outcomes.Answer(Pools.Key(0), 50, milliseconds: 40);
        scene.Outcomes.Answer(Pools.Key(1), 50, milliseconds: 10);
        Assert.Equal(Pools.Key(0), Assert.Single(scene.Judge(after: Interval)).Key);
    }

    [Fact]
    public void Judge_LatencyByDefault_DegradesNobody()
    {
        var scene = new OutlierScene(3);
        Answer(scene, 10, 10, 3100);
        Assert.Empty(scene.Judge(after: Interval));
    }

    [Fact]
    public void Configure_PoolShrinks_EjectionsBeyondTheShareEnd()
    {
        var settings = new OutlierDefinition { MaxEjectionPercent = 50 };
        var scene = new OutlierScene(6, settings);
        for (var i = 0; i < 3; i++)
        {
            scene.Eject(i);
            scene.Wait(TimeSpan.FromSeconds(1));
        }

        scene.Configure(4, settings);
        scene.Judge();
        Assert.Equal([1, 2], scene.Ejected);
        scene.Configure(1, settings);
        scene.Judge();
        Assert.Empty(scene.Ejected);
    }

    [Fact]
    public void Configure_WithoutOutlierDetection_EveryBackendReturns()
    {
        var scene = new OutlierScene(4);
        scene.Eject(1);
        scene.Configure(4, null);
        Assert.Empty(scene.Ejected);
        scene.Outcomes.Fail(Pools.Key(2), 50);
        Assert.Empty(scene.Judge(after: Interval));
    }

    [Fact]
    public void Configure_DetectionBegins_WhatWasBeforeIsNotHeldAgainstAnybody()
    {
        var scene = new OutlierScene(5);
        scene.Configure(5, null);
        for (var i = 0; i < 5; i++)
            scene.Outcomes.Answer(Pools.Key(i), i == 3 ? 0 : 1000, errors: i == 3 ? 1000 : 0);
        scene.Configure(5, new OutlierDefinition());
        Assert.Empty(scene.Judge(after: Interval));
    }

    [Fact]
    public void Resume_EjectionOfAnotherLife_EndsWhenItWouldHave()
    {
        var scene = new OutlierScene(4);
        var ejection = new Ejection(OutlierCause.SuccessRate, 2, scene.Now + TimeSpan.FromSeconds(12));
        Assert.Equal(new OutlierVerdict(ejection, false), scene.Machine.Resume(Pools.Key(1), new OutlierVerdict(ejection, true), scene.Now));
        Assert.Empty(scene.Judge(after: TimeSpan.FromSeconds(11.9)));
        Assert.Equal(OutlierChangeKind.Returned, Assert.Single(scene.Judge(after: TimeSpan.FromSeconds(0.1))).Kind);
        Assert.Equal(TimeSpan.FromSeconds(90), scene.Eject(1));
    }

    [Fact]
    public void Resume_EjectionThatIsOver_IsNone()
    {
        var scene = new OutlierScene(4);
        var over = new Ejection(OutlierCause.SuccessRate, 2, scene.Now);
        Assert.Equal(OutlierVerdict.None, scene.Machine.Resume(Pools.Key(1), new OutlierVerdict(over, false), scene.Now));
        Assert.Equal(OutlierVerdict.None, scene.Machine.Resume(Pools.Key(99), new OutlierVerdict(over with { Until = TimeSpan.MaxValue }, false), scene.Now));
    }

    [Fact]
    public void Resume_EjectionLongerThanAny_EndsAfterTheLongest()
    {
        var scene = new OutlierScene(4);
        var endless = new Ejection(OutlierCause.SuccessRate, int.MaxValue, TimeSpan.MaxValue);
        var resumed = scene.Machine.Resume(Pools.Key(1), new OutlierVerdict(endless, false), scene.Now);
        Assert.Equal(scene.Now + TimeSpan.FromMinutes(5), resumed.Ejection!.Value.Until);
        scene.Judge(after: TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), scene.Eject(1));
    }

    [Fact]
    public void Resume_EjectedStatus_ImpliesNoVerdictOfProbes()
    {
        var scene = new OutlierScene(4);
        scene.Eject(1);
        Assert.Equal(HealthVerdict.Unknown, scene.Pool.Status(1).ImpliedVerdict);
        scene.Admin(1, AdminState.Draining);
        Assert.Equal(HealthVerdict.Unknown, scene.Pool.Status(1).ImpliedVerdict);
    }

    [Fact]
    public void Resume_SlowStatus_ImpliesNoVerdictOfProbes()
    {
        var scene = new OutlierScene(3, new OutlierDefinition { DegradedLatencyFactor = 3 });
        Answer(scene, 10, 10, 50);
        scene.Judge(after: Interval);
        Assert.Equal((HealthVerdict.Unknown, true), (scene.Pool.Status(2).ImpliedVerdict, scene.Pool.Status(2).ImpliedOutlier.Slow));
        scene.Verdict(2, Pools.Unreachable);
        Assert.Equal(BackendState.Down, scene.Pool.Status(2).ImpliedVerdict.State);
    }

    private static void Answer(OutlierScene scene, params double[] milliseconds)
    {
        for (var i = 0; i < milliseconds.Length; i++)
            scene.Outcomes.Answer(Pools.Key(i), 100, milliseconds: milliseconds[i]);
    }
}
