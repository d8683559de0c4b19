using OrleansLb.Core.Agents;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Outliers;

namespace OrleansLb.Core.Tests.Health;

public sealed class StateChangeTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);

    [Fact]
    public void Of_Verdict_IsAProbesWord()
    {
        var change = Assert.Single(Changes(Pools.Running(4), state => PoolEligibilityMachine.SetVerdict(state, Pools.Key(1), Pools.Unreachable, Now)));
        Assert.Equal((StateChangeCause.ActiveProbe, BackendState.Up, BackendState.Down), (change.Cause, change.Before?.State, change.After?.State));
    }

    [Fact]
    public void Of_Ejection_IsTheOutlierRulesBothWays()
    {
        var ejected = new OutlierVerdict(new Ejection(OutlierCause.ConsecutiveFailures, 1, Now), false);
        var outside = PoolEligibilityMachine.SetOutlier(Pools.Running(4), Pools.Key(1), ejected).Next;
        var there = Assert.Single(Changes(Pools.Running(4), start => PoolEligibilityMachine.SetOutlier(start, Pools.Key(1), ejected)));
        var back = Assert.Single(Changes(outside, start => PoolEligibilityMachine.SetOutlier(start, Pools.Key(1), OutlierVerdict.None)));
        Assert.Equal((StateChangeCause.Outlier, BackendState.Down), (there.Cause, there.After?.State));
        Assert.Equal((StateChangeCause.Outlier, BackendState.Up), (back.Cause, back.After?.State));
    }

    [Theory]
    [InlineData(AgentService.Ready, true, BackendState.Down)]
    [InlineData(AgentService.Drain, false, BackendState.Draining)]
    [InlineData(AgentService.Maintenance, false, BackendState.Maintenance)]
    public void Of_AgentsWord_IsTheAgentsBothWays(AgentService service, bool isDown, BackendState state)
    {
        var agent = new AgentState(null, service, isDown);
        var said = PoolEligibilityMachine.SetAgent(Pools.Running(4), Pools.Key(1), agent).Next;
        var there = Assert.Single(Changes(Pools.Running(4), start => PoolEligibilityMachine.SetAgent(start, Pools.Key(1), agent)));
        var back = Assert.Single(Changes(said, static start => PoolEligibilityMachine.SetAgent(start, Pools.Key(1), default)));
        Assert.Equal((StateChangeCause.Agent, state), (there.Cause, there.After?.State));
        Assert.Equal((StateChangeCause.Agent, BackendState.Up), (back.Cause, back.After?.State));
    }

    [Fact]
    public void Of_AnAgentsPercentage_IsNoChangeOfState() =>
        Assert.Empty(Changes(Pools.Running(4), static start => PoolEligibilityMachine.SetAgent(start, Pools.Key(1), new AgentState(75, AgentService.Ready, false))));

    [Theory]
    [InlineData(AdminState.Draining, BackendState.Draining)]
    [InlineData(AdminState.Maintenance, BackendState.Maintenance)]
    public void Of_Decision_IsTheAdministratorsBothWays(AdminState admin, BackendState state)
    {
        var decided = PoolEligibilityMachine.SetAdmin(Pools.Running(4), Pools.Key(1), admin).Next;
        var there = Assert.Single(Changes(Pools.Running(4), start => PoolEligibilityMachine.SetAdmin(start, Pools.Key(1), admin)));
        var back = Assert.Single(Changes(decided, start => PoolEligibilityMachine.SetAdmin(start, Pools.Key(1), AdminState.Active)));
        Assert.Equal((StateChangeCause.Admin, BackendState.Up, state), (there.Cause, there.Before?.State, there.After?.State));
        Assert.Equal((StateChangeCause.Admin, state, BackendState.Up), (back.Cause, back.Before?.State, back.After?.State));
    }

    [Fact]
    public void Of_DrainGoesOn_IsTheAdministratorsToo()
    {
        var state = PoolEligibilityMachine.SetAdmin(Pools.Running(4), Pools.Key(1), AdminState.Draining).Next;
        var closing = Assert.Single(Changes(state, start => PoolEligibilityMachine.SetDrain(start, Pools.Key(1), DrainPhase.Closing)));
        Assert.Equal((StateChangeCause.Admin, true, false), (closing.Cause, closing.Before?.TakesPinned, closing.After?.TakesPinned));
    }

    [Fact]
    public void Of_PanicBegins_NamesTheOneThatFellAndThoseThatAreReadmitted()
    {
        var state = PoolEligibilityMachine.SetVerdict(Pools.Running(2), Pools.Key(0), Pools.AnswersBadly, Now).Next;
        var changes = Changes(state, start => PoolEligibilityMachine.SetVerdict(start, Pools.Key(1), Pools.AnswersBadly, Now + TimeSpan.FromMinutes(1))).ToDictionary(static change => change.Key);
        Assert.Equal(StateChangeCause.Panic, changes[Pools.Key(0)].Cause);
        Assert.Equal((StateChangeCause.ActiveProbe, true), (changes[Pools.Key(1)].Cause, changes[Pools.Key(1)].After?.ByPanic));
    }

    [Fact]
    public void Of_BackendsJoinAndLeave_IsTheConfigurations()
    {
        var changes = Changes(Pools.Running(2), static state => PoolEligibilityMachine.Configure(state, Pools.Of(2, from: 1))).ToDictionary(static change => change.Key);
        Assert.Equal(2, changes.Count);
        Assert.Equal((StateChangeCause.Configuration, true, false), (changes[Pools.Key(0)].Cause, changes[Pools.Key(0)].Before.HasValue, changes[Pools.Key(0)].After.HasValue));
        Assert.Equal((StateChangeCause.Configuration, false, true), (changes[Pools.Key(2)].Cause, changes[Pools.Key(2)].Before.HasValue, changes[Pools.Key(2)].After.HasValue));
    }

    [Fact]
    public void Of_OnlyWhoIsBelievedChanged_IsNoChangeOfState()
    {
        var state = PoolEligibilityMachine.SetVerdict(Pools.Running(5), Pools.Key(0), Pools.DownByOneWitness, Now).Next;
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(1), Pools.DownByOneWitness, Now).Next;
        Assert.True(state.Status(1).Held);
        Assert.Empty(Changes(state, start => PoolEligibilityMachine.SetVerdict(start, Pools.Key(1), new HealthVerdict(BackendState.Degraded, false, false, false), Now)));
    }

    private static StateChange[] Changes(PoolEligibilityState state, Func<PoolEligibilityState, PoolEligibilityStep> input) =>
        [.. StateChange.Of(state.Published, input(state).Delta!)];
}
