using OrleansLb.Core.Agents;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Concurrency;

public sealed class SlotLimitTests
{
    [Theory]
    [InlineData(10, null, 10)]
    [InlineData(null, null, null)]
    [InlineData(10, 3, 3)]
    [InlineData(10, 30, 30)]
    [InlineData(null, 3, 3)]
    [InlineData(10, 0, null)]
    [InlineData(null, 0, null)]
    [InlineData(10, int.MaxValue, SlotLimit.Most)]
    public void Of_WhatTheAgentSays_TakesThePlaceOfWhatIsConfigured(int? configured, int? said, int? limit) =>
        Assert.Equal(limit, SlotLimit.Of(new ConcurrencyDefinition { MaxRequestsPerBackend = configured }, new AgentState(null, AgentService.Ready, false, said)));

    [Fact]
    public void After_AnswerWithoutMaxconn_KeepsWhatWasSaid()
    {
        var state = default(AgentState).After(AgentReply.Parse("maxconn:7 50%"u8));

        Assert.Equal(7, state.After(AgentReply.Parse("up 100%"u8)).MaxConnections);
        Assert.Equal(0, state.After(AgentReply.Parse("maxconn:0"u8)).MaxConnections);
        Assert.Equal(7, state.After(AgentReply.Parse("maxconn:-1"u8)).MaxConnections);
    }
}
