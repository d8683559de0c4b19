using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health;

public sealed class InitialHealthTests
{
    private static readonly ActiveHealthDefinition Defaults = new();

    [Theory]
    [InlineData(InitialHealth.Unknown, BackendState.Unknown, true)]
    [InlineData(InitialHealth.Healthy, BackendState.Up, true)]
    [InlineData(InitialHealth.Unhealthy, BackendState.Down, false)]
    public void Configure_ColdStart_BackendsCountAsConfigured(InitialHealth initial, BackendState state, bool takesNew)
    {
        var pool = Cold(initial, 3);
        Assert.All(pool.Published.Backends, status => Assert.Equal((state, takesNew, false), (status.State, status.TakesNew, status.ByPanic)));
    }

    [Theory]
    [InlineData(InitialHealth.Unknown, false)]
    [InlineData(InitialHealth.Healthy, true)]
    [InlineData(InitialHealth.Unhealthy, false)]
    public void Configure_BackendJoinsARunningPool_TakesNewAsConfigured(InitialHealth initial, bool takesNew)
    {
        var pool = PoolEligibilityMachine.Configure(Pools.Running(3), Of(initial, 4)).Next;
        Assert.True(pool.Status(2).TakesNew);
        Assert.Equal(takesNew, pool.Status(3).TakesNew);
    }

    [Fact]
    public void Configure_WithoutProbes_IsUnknown()
    {
        var pool = PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(1), Of(InitialHealth.Unhealthy, 1) with { ActiveHealth = null }).Next;
        Assert.True(pool.Status(0).TakesNew);
    }

    [Fact]
    public void SetVerdict_UnprovenBackendFailsItsProbes_PanicMayAdmitIt()
    {
        var pool = Cold(InitialHealth.Unhealthy, 2);
        pool = PoolEligibilityMachine.SetVerdict(pool, Pools.Key(0), Pools.AnswersBadly, TimeSpan.FromHours(1)).Next;
        Assert.Equal((true, true), (pool.Status(0).TakesNew, pool.Status(0).ByPanic));
        Assert.False(pool.Status(1).TakesNew);
    }

    [Fact]
    public void Start_Unproven_IsUpOnlyAfterTheWholeStreakAndThatIsNoFlap()
    {
        var monitor = new MonitorSimulation(Defaults, 1, HealthVerdict.Unproven);
        Assert.Equal(HealthVerdict.Unproven, monitor.State.Verdict);
        while (monitor.State.Successes < Defaults.HealthyThreshold)
        {
            Assert.Equal(HealthVerdict.Unproven, monitor.State.Verdict);
            monitor.RunUntil(monitor.Now + TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(BackendState.Up, monitor.State.Verdict.State);
        Assert.True(monitor.Now < TimeSpan.FromSeconds(1.1), $"{monitor.Now}");
        Assert.Empty(monitor.State.Changes);
    }

    [Fact]
    public void Start_UnprovenAndFailing_IsDownLikeAnyOtherAfterTheThreshold()
    {
        var monitor = new MonitorSimulation(Defaults, 1, HealthVerdict.Unproven) { Own = _ => Answers.Refused };
        while (monitor.State.Failures < Defaults.UnhealthyThreshold)
        {
            Assert.True(monitor.State.Verdict.IsUnproven);
            monitor.RunUntil(monitor.Now + TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(new HealthVerdict(BackendState.Down, false, true, true), monitor.State.Verdict);
    }

    [Fact]
    public void Start_UnprovenAndProberCannotRun_StaysOut()
    {
        var monitor = new MonitorSimulation(Defaults, 1, HealthVerdict.Unproven) { Own = _ => Answers.NotRun };
        monitor.RunUntil(TimeSpan.FromMinutes(5));
        Assert.True(monitor.State.Verdict.IsUnproven);
    }

    [Fact]
    public void Start_Healthy_IsTakenOutByFailuresLikeAnyOther()
    {
        var monitor = new MonitorSimulation(Defaults, 1, HealthVerdict.Of(InitialHealth.Healthy, joins: false)) { Own = _ => Answers.Unavailable };
        Assert.Equal(BackendState.Up, monitor.State.Verdict.State);
        monitor.RunUntil(TimeSpan.FromSeconds(3));
        Assert.Equal(BackendState.Down, monitor.State.Verdict.State);
    }

    private static PoolEligibilityState Cold(InitialHealth initial, int backends) =>
        PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(1), Of(initial, backends)).Next;

    private static PoolDefinition Of(InitialHealth initial, int backends) =>
        Pools.Of(backends) with { ActiveHealth = Defaults with { InitialState = initial } };
}
