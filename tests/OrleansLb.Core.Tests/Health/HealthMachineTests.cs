using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health;

public sealed class HealthMachineTests
{
    private static readonly ActiveHealthDefinition Defaults = new();

    [Fact]
    public void Tick_HealthyBackend_ProbesOncePerIntervalWithinJitter()
    {
        var monitor = new MonitorSimulation(Defaults, 1);
        monitor.RunUntil(Minutes(10));
        var gaps = monitor.Probes.Zip(monitor.Probes.Skip(1), static (a, b) => b - a).ToList();
        Assert.All(gaps, gap => Assert.InRange(gap, Seconds(4.5), Seconds(5.5)));
        Assert.True(gaps.Distinct().Count() > 50, "no jitter");
    }

    [Fact]
    public void Completed_FirstProbeOfUnknownSucceeds_IsUp()
    {
        var monitor = new MonitorSimulation(Defaults, 2);
        monitor.RunUntil(Seconds(1));
        Assert.Equal(BackendState.Up, monitor.State.State);
        Assert.Equal(HealthChangeReason.FirstSuccess, Assert.Single(monitor.Changes).Change.Reason);
    }

    [Fact]
    public void Completed_AnsweredFailures_DownByOwnThresholdThoughOthersDisagree()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.Unavailable;
        monitor.FrontendSucceeds(Minutes(5));
        monitor.RunUntil(Seconds(20));
        var (_, change) = monitor.Changes[^1];
        Assert.Equal((BackendState.Down, HealthChangeReason.AnsweredFailures), (change.To, change.Reason));
        Assert.False(monitor.State.Verdict.Confirmed);
        Assert.False(monitor.State.Verdict.Unreachable);
    }

    [Fact]
    public void Completed_AnsweredFailuresEverywhere_DownIsConfirmedByTheOtherSilo()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.Unavailable;
        monitor.Other = _ => Answers.Unavailable;
        monitor.RunUntil(Seconds(20));
        Assert.True(monitor.State.Verdict.Confirmed);
    }

    [Fact]
    public void Completed_OnlyTheOwnSiloIsCutOff_IsDegradedAndProbedTwiceASecond()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.Refused;
        monitor.RunUntil(Seconds(30));
        Assert.Equal(BackendState.Degraded, monitor.State.State);
        var before = monitor.Probes.Count;
        monitor.RunUntil(Seconds(40));
        Assert.InRange(monitor.Probes.Count - before, 19, 21);
    }

    [Fact]
    public void Completed_FrontendHadAnAnswerSinceTheFirstFailure_IsDegraded()
    {
        var monitor = Healthy();
        monitor.HasOtherSilo = false;
        monitor.Own = _ => Answers.Refused;
        monitor.At(Seconds(3), () => EverySecond(monitor, Seconds(30), () => monitor.FrontendSucceeds(monitor.Now)));
        monitor.RunUntil(Seconds(30));
        Assert.Equal(BackendState.Degraded, monitor.State.State);
    }

    [Fact]
    public void Completed_FrontendAnswersEnded_DegradedBackendGoesDown()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.Hangs;
        monitor.Other = _ => Answers.Hangs;
        monitor.At(Seconds(3), () => EverySecond(monitor, Seconds(30), () => monitor.FrontendSucceeds(monitor.Now)));
        monitor.RunUntil(Seconds(30));
        Assert.Equal(BackendState.Degraded, monitor.State.State);
        monitor.RunUntil(Seconds(30) + (Defaults.UnhealthyThreshold * 2 * Seconds(2.5)) + Seconds(2.25));
        Assert.Equal(BackendState.Down, monitor.State.State);
    }

    [Fact]
    public void Completed_OtherSiloNeverReports_OwnThresholdSuffices()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.Refused;
        monitor.Other = _ => null;
        monitor.RunUntil(Seconds(20));
        Assert.Equal(BackendState.Down, monitor.State.State);
        Assert.False(monitor.State.Verdict.Confirmed);
        Assert.True(monitor.State.Verdict.Unreachable);
    }

    [Fact]
    public void Completed_LoneSiloSawItDownAndAJoiningSiloReachesIt_IsDegraded()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.Refused;
        monitor.Other = _ => null;
        monitor.RunUntil(Seconds(20));
        monitor.Other = _ => Answers.Good;
        monitor.RunUntil(Seconds(30));
        Assert.Equal(BackendState.Degraded, monitor.State.State);
    }

    [Fact]
    public void Completed_ProberCannotRun_SaysNothing()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.NotRun;
        monitor.RunUntil(Minutes(5));
        Assert.Equal(BackendState.Up, monitor.State.State);
        Assert.Equal(0, monitor.State.Failures);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Suspected_KilledBackend_DownWithinAFifthOfASecond(bool otherSilo)
    {
        var monitor = Healthy();
        monitor.HasOtherSilo = otherSilo;
        monitor.FrontendSucceeds(monitor.Now);
        monitor.Own = _ => Answers.Refused;
        monitor.Other = _ => Answers.Refused;
        var killed = monitor.Now;
        monitor.Suspect();
        monitor.RunUntil(killed + Seconds(0.2));
        Assert.Equal(BackendState.Down, monitor.State.State);
        Assert.Equal(HealthChangeReason.SuspicionConfirmed, monitor.Changes[^1].Change.Reason);
        Assert.True(monitor.State.Verdict.Confirmed);
    }

    [Fact]
    public void Suspected_KilledWhileAnEarlierSuspicionCoolsDown_DownWithinHalfASecond()
    {
        var monitor = Healthy();
        monitor.Suspect();
        monitor.RunUntil(monitor.Now + Seconds(0.01));
        monitor.Own = _ => Answers.Refused;
        monitor.Other = _ => Answers.Refused;
        monitor.Suspect();
        monitor.RunUntil(monitor.Now + Seconds(0.5));
        Assert.Equal(BackendState.Down, monitor.State.State);
    }

    [Fact]
    public void Suspected_OtherSiloConnects_StaysInService()
    {
        var monitor = Healthy();
        monitor.Own = at => at < Seconds(3) ? Answers.Refused : Answers.Good;
        monitor.Suspect();
        monitor.RunUntil(Seconds(20));
        Assert.Equal(BackendState.Up, monitor.State.State);
        Assert.Single(monitor.Changes);
    }

    [Fact]
    public void Suspected_OtherSiloConnectsLast_StaysInService()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.Refused;
        monitor.Other = _ => Answers.Good with { Duration = Seconds(0.3) };
        monitor.Suspect();
        monitor.RunUntil(monitor.Now + Seconds(0.35));
        Assert.Equal(BackendState.Up, monitor.State.State);
        Assert.Null(monitor.State.Suspicion);
    }

    [Fact]
    public void Suspected_OneAnsweredFailureIsTheThreshold_DownThoughNotForTheSuspicion()
    {
        var settings = Defaults with { UnhealthyThreshold = 1 };
        var monitor = new MonitorSimulation(settings, 8);
        monitor.RunUntil(Seconds(2));
        monitor.Own = _ => Answers.Unavailable;
        monitor.Suspect();
        monitor.RunUntil(monitor.Now + Seconds(0.01));
        Assert.Equal(HealthChangeReason.AnsweredFailures, monitor.Changes[^1].Change.Reason);
    }

    [Fact]
    public void Suspected_BackendAnswersWrongly_CountsOneFailureOnly()
    {
        var monitor = Healthy();
        monitor.HasOtherSilo = false;
        monitor.Own = _ => Answers.Unavailable;
        monitor.Suspect();
        monitor.RunUntil(monitor.Now + Seconds(0.3));
        Assert.Equal(BackendState.Up, monitor.State.State);
        Assert.Equal(1, monitor.State.Failures);
    }

    [Fact]
    public void Suspected_FrontendHasAnswersMeanwhile_IsNotRemovedAtOnce()
    {
        var monitor = Healthy();
        monitor.Own = _ => Answers.Refused;
        monitor.Other = _ => Answers.Refused;
        monitor.Suspect();
        monitor.At(monitor.Now + Seconds(0.08), () => monitor.FrontendSucceeds(monitor.Now));
        monitor.RunUntil(monitor.Now + Seconds(0.2));
        Assert.Equal(BackendState.Up, monitor.State.State);
    }

    [Fact]
    public void Suspected_ManyTimes_ProbesAreBounded()
    {
        var monitor = Healthy();
        var before = monitor.Probes.Count;
        for (var i = 0; i < 1000; i++) monitor.At(Seconds(2) + (i * Seconds(0.01)), monitor.Suspect);
        monitor.RunUntil(Seconds(12));
        Assert.InRange(monitor.Probes.Count - before, 10, 60);
    }

    [Fact]
    public void Start_JoiningARunningPool_WaitsForTheFirstSuccess()
    {
        var monitor = new MonitorSimulation(Defaults, 3, HealthVerdict.Joining);
        Assert.True(monitor.State.Verdict.Waiting);
        monitor.RunUntil(Seconds(1));
        Assert.False(monitor.State.Verdict.Waiting);
    }

    [Fact]
    public void Start_JoiningWithoutEvidence_WaitsOneInterval()
    {
        var monitor = new MonitorSimulation(Defaults, 3, HealthVerdict.Joining) { Own = _ => Answers.NotRun };
        monitor.RunUntil(Seconds(4.9));
        Assert.True(monitor.State.Verdict.Waiting);
        monitor.RunUntil(Seconds(5));
        Assert.False(monitor.State.Verdict.Waiting);
        Assert.Equal(BackendState.Unknown, monitor.State.State);
    }

    [Fact]
    public void Start_JoiningAndHanging_NeverStopsWaitingBeforeDown()
    {
        var monitor = new MonitorSimulation(Defaults, 3, HealthVerdict.Joining) { Own = _ => Answers.Hangs, Other = _ => Answers.Hangs };
        while (monitor.State.State == BackendState.Unknown)
        {
            Assert.True(monitor.State.Verdict.Waiting);
            monitor.RunUntil(monitor.Now + Seconds(0.1));
        }

        Assert.Equal(BackendState.Down, monitor.State.State);
    }

    [Fact]
    public void Start_HeldDown_NeedsTheWholeStreak()
    {
        var down = new HealthVerdict(BackendState.Down, false, true, true);
        var monitor = new MonitorSimulation(Defaults, 4, down);
        Assert.Equal(down, monitor.State.Verdict);
        monitor.RunUntil(Minutes(1));
        Assert.Equal(HealthChangeReason.SuccessStreak, Assert.Single(monitor.Changes).Change.Reason);
    }

    [Fact]
    public void Tick_ThirdChangeWithinAMinute_ReadmissionWaitsTenSeconds()
    {
        var settings = Defaults with { Interval = Seconds(1), Timeout = Seconds(0.5), UnhealthyThreshold = 1, HealthyThreshold = 1 };
        var monitor = new MonitorSimulation(settings, 5) { Own = at => at.Seconds % 8 < 4 ? Answers.Good : Answers.Unavailable };
        monitor.RunUntil(Seconds(25));
        var down = monitor.Changes.Where(change => change.Change.To == BackendState.Down).Select(change => change.At).ToList();
        var up = monitor.Changes.Where(change => change.Change.To == BackendState.Up).Select(change => change.At).ToList();
        Assert.True(up[1] - down[0] < Seconds(6));
        Assert.True(up[2] - down[1] >= Seconds(10), $"{up[2] - down[1]}");
    }

    [Fact]
    public void Completed_OtherSiloReachesADampedBackend_WaitStillHolds()
    {
        var settings = Defaults with { Interval = Seconds(1), Timeout = Seconds(0.5), UnhealthyThreshold = 1, HealthyThreshold = 1 };
        var monitor = new MonitorSimulation(settings, 6) { Other = _ => null };
        monitor.Own = at => monitor.State.State == BackendState.Up ? Answers.Refused : Answers.Good;
        while (monitor.State.DampingLevel == 0) monitor.RunUntil(monitor.Now + Seconds(0.1));
        monitor.Own = _ => Answers.Refused;
        monitor.Other = _ => Answers.Good;
        monitor.RunUntil(monitor.State.ReadmitAt - Seconds(0.1));
        Assert.Equal(BackendState.Down, monitor.State.State);
        monitor.RunUntil(monitor.State.ReadmitAt + Seconds(2));
        Assert.Equal(BackendState.Degraded, monitor.State.State);
    }

    [Fact]
    public void Completed_IntervalShorterThanTheDelayInDoubt_DoubtDoesNotSlowProbingDown()
    {
        var monitor = new MonitorSimulation(Defaults with { Interval = Seconds(0.1) }, 9);
        monitor.RunUntil(Seconds(1));
        monitor.Own = _ => Answers.Unavailable;
        monitor.RunUntil(Seconds(1.35));
        Assert.Equal(BackendState.Down, monitor.State.State);
    }

    [Fact]
    public void Reconfigured_ShorterInterval_AppliesAtOnce()
    {
        var slow = Defaults with { Interval = TimeSpan.FromHours(1) };
        var state = HealthMachine.Start(HealthVerdict.Unknown, slow, TimeSpan.Zero, 0);
        var step = HealthMachine.Tick(state, slow, TimeSpan.Zero, 0.5);
        step = HealthMachine.ProbeCompleted(step.Next, slow, step.Probes[0].Id, Answers.Good, Seconds(0.1), 0.5);
        step = HealthMachine.Reconfigured(step.Next, Defaults, Seconds(1), 0.5);
        Assert.Equal(Seconds(6), step.Next.Due);
    }

    private static MonitorSimulation Healthy()
    {
        var monitor = new MonitorSimulation(Defaults, 7);
        monitor.RunUntil(Seconds(2));
        Assert.Equal(BackendState.Up, monitor.State.State);
        return monitor;
    }

    private static void EverySecond(MonitorSimulation monitor, TimeSpan end, Action action)
    {
        action();
        if (monitor.Now < end) monitor.At(monitor.Now + Seconds(1), () => EverySecond(monitor, end, action));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
