using OrleansLb.Core.Agents;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Health;

namespace OrleansLb.Core.Tests.Health;

public sealed class PoolEligibilityMachineTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);

    [Fact]
    public void Configure_ColdStart_UnknownTakesTraffic()
    {
        var step = PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(7), Pools.Of(2));
        Assert.Equal(8, step.Next.Published.Version);
        Assert.All(step.Next.Published.Backends, status => Assert.Equal(new BackendStatus(status.Key, BackendState.Unknown, true, true, false, false), status));
    }

    [Fact]
    public void Configure_BackendJoinsARunningPool_WaitsUntilItsMonitorSpeaks()
    {
        var state = PoolEligibilityMachine.Configure(Pools.Running(2), Pools.Of(3)).Next;
        Assert.False(state.Status(2).TakesNew);
        Assert.True(state.Status(1).TakesNew);
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(2), Pools.Up, Now).Next;
        Assert.True(state.Status(2).TakesNew);
    }

    [Fact]
    public void Configure_BackendLeaves_IsRemovedByTheDelta()
    {
        var step = PoolEligibilityMachine.Configure(Pools.Running(3), Pools.Of(2));
        Assert.Equal([Pools.Key(2)], step.Delta!.Removed);
        Assert.False(step.Next.Published.TryGet(Pools.Key(2), out _));
    }

    [Fact]
    public void Configure_NothingChanged_PublishesNothing()
    {
        var state = Pools.Running(3);
        var step = PoolEligibilityMachine.Configure(state, Pools.Of(3));
        Assert.Null(step.Delta);
        Assert.Equal(state.Published.Version, step.Next.Published.Version);
    }

    [Theory]
    [InlineData(AdminState.Maintenance, BackendState.Maintenance, false)]
    [InlineData(AdminState.Draining, BackendState.Draining, true)]
    public void SetAdmin_StandsAboveTheMonitor(AdminState admin, BackendState expected, bool pinned)
    {
        var state = PoolEligibilityMachine.SetAdmin(Pools.Running(3), Pools.Key(0), admin).Next;
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(0), Pools.Up, Now).Next;
        Assert.Equal(new BackendStatus(Pools.Key(0), expected, false, pinned, false, false), state.Status(0));
        state = PoolEligibilityMachine.SetAdmin(state, Pools.Key(0), AdminState.Active).Next;
        Assert.Equal(BackendState.Up, state.Status(0).State);
    }

    [Theory]
    [InlineData(DrainPhase.Finishing, BackendState.Draining, true)]
    [InlineData(DrainPhase.Closing, BackendState.Draining, false)]
    [InlineData(DrainPhase.Drained, BackendState.Drained, false)]
    public void SetDrain_EachPhase_SaysWhoMayStillGoThere(DrainPhase phase, BackendState expected, bool pinned)
    {
        var state = PoolEligibilityMachine.SetAdmin(Pools.Running(3), Pools.Key(0), AdminState.Draining).Next;
        state = PoolEligibilityMachine.SetDrain(state, Pools.Key(0), phase).Next;
        Assert.Equal(new BackendStatus(Pools.Key(0), expected, false, pinned, false, false), state.Status(0));
        Assert.Equal(AdminState.Draining, state.Status(0).ImpliedAdmin);
    }

    [Fact]
    public void SetAgent_EveryAgentSaysNoPercent_NobodyTakesNewAndThatIsNoPanic()
    {
        var state = Enumerable.Range(0, 3).Aggregate(
            Pools.Running(3), static (state, i) => PoolEligibilityMachine.SetAgent(state, Pools.Key(i), new AgentState(0, AgentService.Ready, false)).Next);
        Assert.All(state.Published.Backends, static status => Assert.Equal(
            (BackendState.Draining, false, true, false), (status.State, status.TakesNew, status.TakesPinned, status.ByPanic)));
        Assert.False(state.Published.Panic);
    }

    [Fact]
    public void SetDrain_BackendIsNotDraining_StaysAsItIs() =>
        Assert.Null(PoolEligibilityMachine.SetDrain(Pools.Running(3), Pools.Key(0), DrainPhase.Drained).Delta);

    [Fact]
    public void SetAdmin_DrainedBackendIsActivatedAndDrainedAgain_BeginsAnew()
    {
        var state = PoolEligibilityMachine.SetAdmin(Pools.Running(3), Pools.Key(0), AdminState.Draining).Next;
        state = PoolEligibilityMachine.SetDrain(state, Pools.Key(0), DrainPhase.Drained).Next;
        Assert.Null(PoolEligibilityMachine.SetAdmin(state, Pools.Key(0), AdminState.Draining).Delta);
        state = PoolEligibilityMachine.SetAdmin(state, Pools.Key(0), AdminState.Active).Next;
        Assert.Equal(BackendState.Up, state.Status(0).State);
        state = PoolEligibilityMachine.SetAdmin(state, Pools.Key(0), AdminState.Draining).Next;
        Assert.True(state.Status(0).TakesPinned);
    }

    [Fact]
    public void SetVerdict_DrainingBackendDies_LosesItsSessions()
    {
        var state = PoolEligibilityMachine.SetAdmin(Pools.Running(3), Pools.Key(0), AdminState.Draining).Next;
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(0), Pools.Unreachable, Now).Next;
        Assert.False(state.Status(0).TakesPinned);
    }

    [Fact]
    public void SetVerdict_SecondUnconfirmedRemovalOfFive_IsHeldUntilConfirmed()
    {
        var state = PoolEligibilityMachine.SetVerdict(Pools.Running(5), Pools.Key(0), Pools.DownByOneWitness, Now).Next;
        Assert.False(state.Status(0).TakesNew);
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(1), Pools.DownByOneWitness, Now + TimeSpan.FromSeconds(4)).Next;
        Assert.Equal(new BackendStatus(Pools.Key(1), BackendState.Degraded, true, true, false, true), state.Status(1));
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(1), Pools.DownByOneWitness with { Unreachable = false }, Now + TimeSpan.FromMinutes(4)).Next;
        Assert.True(state.Status(1).Held);
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(1), Pools.Unreachable, Now + TimeSpan.FromMinutes(5)).Next;
        Assert.Equal(BackendState.Down, state.Status(1).State);
    }

    [Theory]
    [InlineData(7, 4, false)]
    [InlineData(5, 6, false)]
    [InlineData(5, 5, true)]
    public void SetVerdict_SecondRemoval_IsHeldOnlyAmongMoreThanThirtyPercentInOneInterval(int backends, int secondsLater, bool held)
    {
        var state = PoolEligibilityMachine.SetVerdict(Pools.Running(backends), Pools.Key(0), Pools.DownByOneWitness, Now).Next;
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(1), Pools.DownByOneWitness, Now + TimeSpan.FromSeconds(secondsLater)).Next;
        Assert.Equal(held, state.Status(1).Held);
    }

    [Fact]
    public void SetVerdict_OneOfTwoGoesDown_IsNoMassRemoval()
    {
        var state = PoolEligibilityMachine.SetVerdict(Pools.Running(2), Pools.Key(0), Pools.DownByOneWitness, Now).Next;
        Assert.Equal(BackendState.Down, state.Status(0).State);
    }

    [Fact]
    public void SetVerdict_BelowThePanicShare_ReadmitsThoseThatAnswerBadly()
    {
        var state = Pools.Running(5);
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(0), Pools.AnswersBadly, Now).Next;
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(1), Pools.Unreachable, Now).Next;
        Assert.False(state.Published.Panic);
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(2), Pools.Unreachable, Now).Next;
        Assert.True(state.Published.Panic);
        Assert.Equal(new BackendStatus(Pools.Key(0), BackendState.Down, true, true, true, false), state.Status(0));
        Assert.False(state.Status(1).TakesNew);
    }

    [Fact]
    public void SetVerdict_NobodyReachesAnyBackend_AllAreTried()
    {
        var state = Pools.Running(3);
        for (var i = 0; i < 3; i++) state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(i), Pools.Unreachable, Now).Next;
        Assert.All(state.Published.Backends, status => Assert.True(status is { TakesNew: true, ByPanic: true }));
    }

    [Fact]
    public void SetVerdict_PanicSwitchedOff_NothingIsReadmitted()
    {
        var state = Pools.Running(1, panicPercent: 0);
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(0), Pools.AnswersBadly, Now).Next;
        Assert.False(state.Status(0).TakesNew);
    }

    [Fact]
    public void SetVerdict_MostOfThePoolIsInMaintenance_IsNoPanic()
    {
        var state = Pools.Running(4);
        for (var i = 0; i < 3; i++) state = PoolEligibilityMachine.SetAdmin(state, Pools.Key(i), AdminState.Maintenance).Next;
        Assert.False(state.Published.Panic);
        Assert.Single(state.Published.Backends, status => status.TakesNew);
    }

    [Fact]
    public void TryApply_DeltaOfAnotherVersion_IsRefused()
    {
        var state = Pools.Running(2);
        var delta = PoolEligibilityMachine.SetAdmin(state, Pools.Key(0), AdminState.Draining).Delta!;
        Assert.False(state.Published.TryApply(delta with { FromVersion = delta.FromVersion - 1 }, out var same));
        Assert.Same(state.Published, same);
    }
}
