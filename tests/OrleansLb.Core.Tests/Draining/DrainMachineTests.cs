using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Draining;

namespace OrleansLb.Core.Tests.Draining;

public sealed class DrainMachineTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);
    private static readonly DrainCensus Busy = new(IsEmpty: false, IsClosed: false, Arrivals: 7);
    private static readonly DrainCensus Empty = new(IsEmpty: true, IsClosed: false, Arrivals: 7);
    private static readonly DrainCensus Gone = new(IsEmpty: true, IsClosed: true, Arrivals: 7);

    [Fact]
    public void Advance_NothingInFlightAndNoSessions_ClosesAndIsDrainedAtTheSecondLook()
    {
        var state = DrainMachine.Advance(Begin(), Empty, At(0));
        Assert.Equal(DrainPhase.Closing, state.Phase);
        Assert.False(state.CutsOff);
        state = DrainMachine.Advance(state, Gone, At(1));
        Assert.Equal(DrainPhase.Closing, state.Phase);
        state = DrainMachine.Advance(state, Gone, At(1) + DrainMachine.Confirmation);
        Assert.Equal((DrainPhase.Drained, false), (state.Phase, state.TimedOut));
    }

    [Fact]
    public void Advance_SomethingInFlight_StaysAsItIsUntilTheDeadline()
    {
        var state = DrainMachine.Advance(Begin(), Busy, Timeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal((DrainPhase.Finishing, false), (state.Phase, state.CutsOff));
        state = DrainMachine.Advance(state, Busy, Timeout);
        Assert.Equal((DrainPhase.Closing, true), (state.Phase, state.CutsOff));
    }

    [Fact]
    public void Advance_SessionsAreQuietForAThirtiethOfTheTime_ClosesThen()
    {
        var state = DrainMachine.Advance(Begin(keepsSessions: true), Empty, At(0));
        state = DrainMachine.Advance(state, Empty, At(9.9));
        Assert.Equal(DrainPhase.Finishing, state.Phase);
        state = DrainMachine.Advance(state, Empty, At(10));
        Assert.Equal(DrainPhase.Closing, state.Phase);
    }

    [Fact]
    public void Advance_ASessionComesBetweenTwoLooks_CountsTheQuietAnew()
    {
        var state = DrainMachine.Advance(Begin(keepsSessions: true), Empty, At(0));
        state = DrainMachine.Advance(state, Empty with { Arrivals = 8 }, At(9));
        state = DrainMachine.Advance(state, Empty with { Arrivals = 8 }, At(18));
        Assert.Equal(DrainPhase.Finishing, state.Phase);
        state = DrainMachine.Advance(state, Empty with { Arrivals = 8 }, At(19));
        Assert.Equal(DrainPhase.Closing, state.Phase);
    }

    [Theory]
    [InlineData("00:00:03", 0.1)]
    [InlineData("00:05:00", 10)]
    [InlineData("1.00:00:00", 60)]
    public void Start_SessionsMayBeBound_QuietIsAPartOfTheTimeAndAMinuteAtMost(string timeout, double seconds) =>
        Assert.Equal(At(seconds), DrainMachine.Start(DrainPhase.Finishing, null, TimeSpan.Parse(timeout, null), true, TimeSpan.Zero).Quiet);

    [Fact]
    public void Advance_ARequestComesWhileItCloses_LooksTwiceAgain()
    {
        var state = DrainMachine.Advance(DrainMachine.Advance(Begin(), Empty, At(0)), Gone, At(1));
        state = DrainMachine.Advance(state, Gone with { IsEmpty = false }, At(2));
        state = DrainMachine.Advance(state, Gone, At(3));
        Assert.Equal(DrainPhase.Closing, state.Phase);
        Assert.Equal(DrainPhase.Drained, DrainMachine.Advance(state, Gone, At(4)).Phase);
    }

    [Fact]
    public void Advance_ARequestCameWhileItClosesAndLastsTooLong_IsCutOffToo()
    {
        var state = DrainMachine.Advance(DrainMachine.Advance(Begin(), Empty, At(0)), Busy, Timeout - At(1));
        Assert.Equal((DrainPhase.Closing, false), (state.Phase, state.CutsOff));
        Assert.True(DrainMachine.Advance(state, Busy, Timeout).CutsOff);
    }

    [Fact]
    public void Advance_NoTimeAtAll_CutsOffAtOnce() =>
        Assert.True(DrainMachine.Advance(DrainMachine.Start(DrainPhase.Finishing, TimeSpan.Zero, TimeSpan.Zero, true, At(5)), Busy, At(5)).CutsOff);

    [Fact]
    public void Advance_TimeLeftIsNotKnown_NothingIsCutOff()
    {
        var state = DrainMachine.Advance(DrainMachine.Start(DrainPhase.Finishing, null, Timeout, false, At(0)), Busy, TimeSpan.FromDays(9));
        Assert.Equal(DrainPhase.Finishing, state.Phase);
        state = DrainMachine.Limit(state, At(1), TimeSpan.FromDays(9));
        Assert.True(DrainMachine.Advance(state, Busy, TimeSpan.FromDays(9) + At(1)).CutsOff);
    }

    [Fact]
    public void Start_DrainedBefore_IsDrained() =>
        Assert.Equal(DrainPhase.Drained, DrainMachine.Advance(DrainMachine.Start(DrainPhase.Drained, null, Timeout, true, At(0)), Busy, At(1)).Phase);

    [Theory]
    [InlineData(true, 0, true, 0, true, true, true)]
    [InlineData(false, 0, true, 0, true, false, false)]
    [InlineData(true, 1, true, 0, true, false, true)]
    [InlineData(true, 0, false, 0, true, false, false)]
    [InlineData(true, 0, true, 1, true, false, true)]
    [InlineData(true, 0, true, 0, false, true, false)]
    public void Census_IsEmptyAndClosed_OnlyByTheWordOfEveryFrontend(bool everybody, int total, bool answered, int connections, bool closed, bool isEmpty, bool isClosed)
    {
        FrontendDrain[] answers = [new("fe-1", true, 0, 0, 3, true), answered ? new("fe-2", true, 0, connections, 4, closed) : FrontendDrain.Silent("fe-2")];
        var census = DrainCensus.Of(everybody, new LoadEntry(new BackendKey(1), total, 0), answers);
        Assert.Equal((isEmpty, isClosed), (census.IsEmpty, census.IsClosed));
    }

    [Fact]
    public void Census_NoFrontendLives_IsEmptyAndClosed() =>
        Assert.Equal(new DrainCensus(true, true, 0), DrainCensus.Of(true, new LoadEntry(new BackendKey(1), 0, 0), []));

    private static DrainState Begin(bool keepsSessions = false) => DrainMachine.Start(DrainPhase.Finishing, Timeout, Timeout, keepsSessions, TimeSpan.Zero);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
