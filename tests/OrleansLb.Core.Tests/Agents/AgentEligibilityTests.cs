using OrleansLb.Core.Agents;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Tests.Health;

namespace OrleansLb.Core.Tests.Agents;

/// <summary>What a pool makes of the words of agents, beside those of others.</summary>
public sealed class AgentEligibilityTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);

    private static readonly AgentState Down = new(null, AgentService.Ready, IsDown: true);
    private static readonly AgentState Drain = new(null, AgentService.Drain, IsDown: false);
    private static readonly AgentState Maintenance = new(null, AgentService.Maintenance, IsDown: false);
    private static readonly AgentState NoWeight = new(0, AgentService.Ready, IsDown: false);

    public static TheoryData<AgentState, BackendState, bool> Words => new()
    {
        { Down, BackendState.Down, false },
        { Drain, BackendState.Draining, true },
        { Maintenance, BackendState.Maintenance, false },
        { NoWeight, BackendState.Draining, true },
        { Drain with { IsDown = true }, BackendState.Down, false },
        { Maintenance with { IsDown = true }, BackendState.Maintenance, false },
    };

    [Theory]
    [MemberData(nameof(Words), DisableDiscoveryEnumeration = true)]
    public void SetAgent_Word_StandsAboveTheMonitorUntilItIsTakenBack(AgentState agent, BackendState expected, bool pinned)
    {
        var state = PoolEligibilityMachine.SetAgent(Pools.Running(4), Pools.Key(0), agent).Next;
        state = PoolEligibilityMachine.SetVerdict(state, Pools.Key(0), Pools.Up, Now).Next;
        Assert.Equal(new BackendStatus(Pools.Key(0), expected, false, pinned, false, false) { Agent = agent, ByAgent = true }, state.Status(0));
        Assert.Equal(AdminState.Active, state.Status(0).ImpliedAdmin);
        state = PoolEligibilityMachine.SetAgent(state, Pools.Key(0), default).Next;
        Assert.Equal(new BackendStatus(Pools.Key(0), BackendState.Up, true, true, false, false), state.Status(0));
    }

    [Theory]
    [InlineData(AdminState.Draining, BackendState.Draining)]
    [InlineData(AdminState.Maintenance, BackendState.Maintenance)]
    public void SetAdmin_StandsAboveTheAgent(AdminState admin, BackendState expected)
    {
        var state = PoolEligibilityMachine.SetAgent(Pools.Running(4), Pools.Key(0), Down).Next;
        state = PoolEligibilityMachine.SetAdmin(state, Pools.Key(0), admin).Next;
        Assert.Equal((expected, false, admin), (state.Status(0).State, state.Status(0).ByAgent, state.Status(0).ImpliedAdmin));
        Assert.False(state.Status(0).TakesPinned);
        state = PoolEligibilityMachine.SetAdmin(state, Pools.Key(0), AdminState.Active).Next;
        Assert.Equal((BackendState.Down, true), (state.Status(0).State, state.Status(0).ByAgent));
    }

    [Fact]
    public void SetAgent_Up_DoesNotBringBackWhatTheProbesTookOut()
    {
        var state = PoolEligibilityMachine.SetVerdict(Pools.Running(4), Pools.Key(0), Pools.AnswersBadly, Now).Next;
        state = PoolEligibilityMachine.SetAgent(state, Pools.Key(0), new AgentState(100, AgentService.Ready, false)).Next;
        Assert.Equal((BackendState.Down, false), (state.Status(0).State, state.Status(0).ByAgent));
    }

    [Fact]
    public void SetAgent_DrainsWhatTheProbesTookOut_KeepsNoSessions()
    {
        var state = PoolEligibilityMachine.SetVerdict(Pools.Running(4), Pools.Key(0), Pools.AnswersBadly, Now).Next;
        Assert.False(PoolEligibilityMachine.SetAgent(state, Pools.Key(0), Drain).Next.Status(0).TakesPinned);
    }

    [Fact]
    public void SetAgent_Percentage_IsToldAndChangesNoState()
    {
        var step = PoolEligibilityMachine.SetAgent(Pools.Running(4), Pools.Key(0), new AgentState(75, AgentService.Ready, false));
        Assert.Equal(new BackendStatus(Pools.Key(0), BackendState.Up, true, true, false, false) { Agent = new AgentState(75, AgentService.Ready, false) }, Assert.Single(step.Delta!.Changed));
        Assert.Equal(0.75, step.Next.Status(0).Agent.WeightFactor);
    }

    [Fact]
    public void SetAgent_AllSayDown_APanicReadmitsThem()
    {
        var state = Pools.Running(4);
        for (var i = 0; i < 4; i++)
            state = PoolEligibilityMachine.SetAgent(state, Pools.Key(i), Down).Next;
        Assert.True(state.Published.Panic);
        Assert.All(state.Published.Backends, static status => Assert.True(status.ByPanic));
    }

    [Fact]
    public void SetAgent_MostAreInMaintenance_IsNoEmergencyOfTheOther()
    {
        var state = Pools.Running(4);
        for (var i = 0; i < 3; i++)
            state = PoolEligibilityMachine.SetAgent(state, Pools.Key(i), Maintenance).Next;
        Assert.False(state.Published.Panic);
        Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(i => state.Status(i).TakesNew));
    }

    [Fact]
    public void Configure_AgentsAreSwitchedOff_TheirWordsEnd()
    {
        var state = PoolEligibilityMachine.SetAgent(Pools.Running(4), Pools.Key(0), Maintenance).Next;
        state = PoolEligibilityMachine.Configure(state, Pools.Of(4)).Next;
        Assert.Equal(BackendState.Maintenance, state.Status(0).State);
        state = PoolEligibilityMachine.Configure(state, Pools.Of(4) with { Agent = null }).Next;
        Assert.Equal(new BackendStatus(Pools.Key(0), BackendState.Up, true, true, false, false), state.Status(0));
    }

    [Fact]
    public void Statuses_OfAgents_ImplyNoVerdictOfProbes()
    {
        var down = PoolEligibilityMachine.SetAgent(Pools.Running(4), Pools.Key(0), Down).Next.Status(0);
        Assert.Equal(HealthVerdict.Unknown, down.ImpliedVerdict);
        Assert.Equal(OutlierVerdict.None, down.ImpliedOutlier);
    }
}
