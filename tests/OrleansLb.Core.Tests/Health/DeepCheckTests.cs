using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health;

public sealed class DeepCheckTests
{
    private static readonly DeepCheckDefinition Deep = new();
    private static readonly ActiveHealthDefinition Settings = new() { Deep = Deep };

    [Fact]
    public void Tick_AliveBackend_IsCheckedOncePerIntervalWithinJitter()
    {
        var monitor = new MonitorSimulation(Settings, 1);
        monitor.RunUntil(TimeSpan.FromMinutes(10));
        Assert.InRange(monitor.DeepChecks[0], TimeSpan.Zero, Deep.Interval);
        var gaps = monitor.DeepChecks.Zip(monitor.DeepChecks.Skip(1), static (a, b) => b - a).ToList();
        Assert.All(gaps, gap => Assert.InRange(gap, Seconds(9), Seconds(11)));
        Assert.True(gaps.Distinct().Count() > 20, "no jitter");
    }

    [Fact]
    public void Completed_ThresholdOfFailures_IsDegradedWithItsReasonAndBackAfterSuccesses()
    {
        var monitor = Healthy();
        monitor.Deep = _ => Answers.Unavailable;
        monitor.RunUntil(Seconds(60));
        var (_, change) = monitor.Changes[^1];
        Assert.Equal((BackendState.Up, BackendState.Degraded, HealthChangeReason.DeepCheckFailed, ProbeOutcomeKind.WrongStatus), (change.From, change.To, change.Reason, change.LastFailure));
        Assert.Equal(new HealthVerdict(BackendState.Degraded, false, false, false) { FailsDeepCheck = true }, monitor.State.Verdict);

        monitor.Deep = _ => Answers.Good;
        monitor.RunUntil(Seconds(100));
        Assert.Equal((BackendState.Up, HealthChangeReason.DeepCheckRecovered), (monitor.Changes[^1].Change.To, monitor.Changes[^1].Change.Reason));
        Assert.Equal(BackendState.Up, monitor.State.Verdict.State);
    }

    [Fact]
    public void Completed_OneFailureLessThanTheThreshold_ChangesNothing()
    {
        var monitor = Healthy();
        var failures = 0;
        monitor.Deep = _ => ++failures < Deep.UnhealthyThreshold ? Answers.Hangs : Answers.Good;
        monitor.RunUntil(TimeSpan.FromMinutes(2));
        Assert.True(failures > Deep.UnhealthyThreshold);
        Assert.Single(monitor.Changes);
    }

    [Fact]
    public void Completed_NotRun_SaysNothing()
    {
        var monitor = Healthy();
        monitor.Deep = _ => Answers.NotRun;
        monitor.RunUntil(TimeSpan.FromMinutes(5));
        Assert.Equal(0, monitor.State.Deep!.Failures);
        Assert.Equal(BackendState.Up, monitor.State.Verdict.State);
    }

    [Fact]
    public void Tick_DegradedByDeepChecks_ProbesAreNoMoreFrequent()
    {
        var monitor = Healthy();
        monitor.Deep = _ => Answers.Hangs;
        monitor.RunUntil(TimeSpan.FromMinutes(1));
        Assert.Equal(BackendState.Degraded, monitor.State.Verdict.State);
        var before = monitor.Probes.Count;
        monitor.RunUntil(TimeSpan.FromMinutes(2));
        Assert.InRange(monitor.Probes.Count - before, 10, 14);
    }

    [Fact]
    public void Tick_DeadBackend_IsNotCheckedUntilItIsBack()
    {
        var monitor = Healthy();
        monitor.Own = at => at < TimeSpan.FromMinutes(3) ? Answers.Unavailable : Answers.Good;
        monitor.RunUntil(Seconds(30));
        Assert.Equal(BackendState.Down, monitor.State.State);
        var before = monitor.DeepChecks.Count;
        monitor.RunUntil(TimeSpan.FromMinutes(3));
        Assert.Equal(before, monitor.DeepChecks.Count);
        monitor.RunUntil(TimeSpan.FromMinutes(3) + Seconds(10));
        Assert.Equal(BackendState.Up, monitor.State.Verdict.State);
        Assert.True(monitor.DeepChecks.Count > before);
    }

    [Fact]
    public void Completed_BothFail_DownAndThenBackAsDegraded()
    {
        var monitor = Healthy();
        monitor.Deep = _ => Answers.Unavailable;
        monitor.RunUntil(TimeSpan.FromMinutes(1));
        monitor.Own = _ => Answers.Unavailable;
        monitor.RunUntil(TimeSpan.FromMinutes(2));
        Assert.Equal((BackendState.Degraded, BackendState.Down), (monitor.Changes[^1].Change.From, monitor.Changes[^1].Change.To));

        monitor.Own = _ => Answers.Good;
        monitor.RunUntil(TimeSpan.FromMinutes(3));
        var (_, change) = monitor.Changes[^1];
        Assert.Equal((BackendState.Down, BackendState.Degraded, HealthChangeReason.DeepCheckFailed), (change.From, change.To, change.Reason));
        Assert.Equal(BackendState.Up, monitor.State.State);
    }

    [Fact]
    public void Start_HeldDegradedByDeepChecks_GoesOnSo()
    {
        var held = new HealthVerdict(BackendState.Degraded, false, false, false) { FailsDeepCheck = true };
        var monitor = new MonitorSimulation(Settings, 4, held);
        Assert.Equal(held, monitor.State.Verdict);
        monitor.RunUntil(Seconds(5));
        Assert.Equal(held, monitor.State.Verdict);
        monitor.RunUntil(Seconds(25));
        Assert.Equal(BackendState.Up, monitor.State.Verdict.State);
    }

    [Fact]
    public void Reconfigured_CheckIsTakenOut_IsUpAtOnce()
    {
        var monitor = Healthy();
        monitor.Deep = _ => Answers.Unavailable;
        monitor.RunUntil(TimeSpan.FromMinutes(1));
        monitor.Reconfigure(Settings with { Deep = null });
        Assert.Equal(BackendState.Up, monitor.State.Verdict.State);
        Assert.Equal(HealthChangeReason.DeepCheckRecovered, monitor.Changes[^1].Change.Reason);
        var before = monitor.DeepChecks.Count;
        monitor.RunUntil(TimeSpan.FromMinutes(2));
        Assert.Equal(before, monitor.DeepChecks.Count);
    }

    [Fact]
    public void Reconfigured_CheckIsAdded_IsRun()
    {
        var monitor = new MonitorSimulation(Settings with { Deep = null }, 5);
        monitor.RunUntil(Seconds(10));
        monitor.Reconfigure(Settings);
        monitor.RunUntil(Seconds(20));
        Assert.NotEmpty(monitor.DeepChecks);
    }

    [Fact]
    public void SetVerdict_DeepChecksOfAWholePoolFail_EveryBackendStaysAndNobodyPanics()
    {
        var state = Pools.Running(5);
        var degraded = new HealthVerdict(BackendState.Degraded, false, false, false) { FailsDeepCheck = true };
        for (var i = 0; i < 5; i++) state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(i), degraded, TimeSpan.Zero).Next;
        Assert.False(state.Published.Panic);
        Assert.All(state.Published.Backends, static status => Assert.Equal((BackendState.Degraded, true, true, false, false), (status.State, status.TakesNew, status.TakesPinned, status.ByPanic, status.Held)));
    }

    private static MonitorSimulation Healthy()
    {
        var monitor = new MonitorSimulation(Settings, 7);
        monitor.RunUntil(Seconds(2));
        Assert.Equal(BackendState.Up, monitor.State.State);
        return monitor;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
