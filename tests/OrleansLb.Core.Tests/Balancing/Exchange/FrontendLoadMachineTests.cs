using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

public sealed class FrontendLoadMachineTests
{
    private static readonly BackendKey A = new(1);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(5);
    private static readonly TrafficCounters Quiet = new(0, 0, TimeSpan.Zero);

    [Fact]
    public void DueIn_NothingSentYet_IsNow() => Assert.Equal(TimeSpan.Zero, Machine().DueIn([], Quiet, Start));

    [Fact]
    public void DueIn_Outstanding_WaitsForTheAnswerOrItsTimeout()
    {
        var machine = Machine();
        machine.Report([], Quiet, Start);
        Assert.NotEqual(TimeSpan.Zero, machine.DueIn(Own(50), Busy(1), Start + TimeSpan.FromMilliseconds(249)));
        Assert.Equal(TimeSpan.Zero, machine.DueIn(Own(50), Busy(1), Start + TimeSpan.FromMilliseconds(250)));
    }

    [Fact]
    public void DueIn_Idle_WaitsASecond()
    {
        var (machine, _) = Exchanged(Own(0));
        Assert.NotEqual(TimeSpan.Zero, machine.DueIn(Own(0), Quiet, Start + TimeSpan.FromMilliseconds(999)));
        Assert.Equal(TimeSpan.Zero, machine.DueIn(Own(0), Quiet, Start + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void DueIn_FirstRequestAfterIdling_IsAfterTheFloor()
    {
        var (machine, _) = Exchanged(Own(0));
        Assert.NotEqual(TimeSpan.Zero, machine.DueIn(Own(1), Busy(1), Start + TimeSpan.FromMilliseconds(1)));
        Assert.Equal(TimeSpan.Zero, machine.DueIn(Own(1), Busy(1), Start + TimeSpan.FromMilliseconds(2)));
    }

    [Fact]
    public void DueIn_SmallMoveOfALargeCount_WaitsForItsTurn()
    {
        var (machine, _) = Exchanged(Own(100));
        Assert.NotEqual(TimeSpan.Zero, machine.DueIn(Own(120), Busy(20), Start + TimeSpan.FromMilliseconds(3)));
        Assert.Equal(TimeSpan.Zero, machine.DueIn(Own(130), Busy(30), Start + TimeSpan.FromMilliseconds(3)));
    }

    [Theory]
    [InlineData(0.59, false, 20)]
    [InlineData(0.61, true, 2)]
    public void DueIn_RequestsTooShortToBeFollowed_MovesDoNotHastenIt(double milliseconds, bool isWanted, double due)
    {
        var (machine, reply) = Exchanged(Own(0));
        machine.Accept(reply with { Version = reply.Version + 1, Traffic = new PoolTraffic(10_000, 10_000, TimeSpan.FromMilliseconds(milliseconds), 1) });
        Assert.Equal(isWanted, machine.WantsNews);
        Assert.Equal(TimeSpan.FromMilliseconds(due), machine.DueIn(Own(5), Busy(1), Start));
    }

    [Fact]
    public void HeldFor_JustReported_IsTheShortestTimeBetweenTwo()
    {
        Assert.Equal(TimeSpan.Zero, Machine().HeldFor(Start));
        var (machine, _) = Exchanged(Own(0));
        Assert.Equal(TimeSpan.FromMilliseconds(1), machine.HeldFor(Start + TimeSpan.FromMilliseconds(1)));
        Assert.Equal(TimeSpan.Zero, machine.HeldFor(Start + TimeSpan.FromMilliseconds(2)));
    }

    [Fact]
    public void DueIn_ReportsFail_BacksOffToASecond()
    {
        var machine = Machine();
        for (var i = 0; i < 10; i++)
            machine.Abandon(machine.Report(Own(1), Busy(i), Start).Sequence);
        Assert.NotEqual(TimeSpan.Zero, machine.DueIn(Own(9), Busy(99), Start + TimeSpan.FromMilliseconds(999)));
        Assert.Equal(TimeSpan.Zero, machine.DueIn(Own(9), Busy(99), Start + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Accept_VersionNotNewer_IsDropped()
    {
        var (machine, reply) = Exchanged(Own(1));
        Assert.False(machine.Accept(reply));
    }

    [Fact]
    public void Accept_EchoNotInTheRing_LeavesOwnCountsOnlyAndSendsTheWholeRow()
    {
        var (machine, reply) = Exchanged(Own(1));
        Assert.True(machine.View.HasSnapshot);
        Assert.True(machine.Accept(reply with { Version = reply.Version + 1, SequenceEcho = 900 }));
        Assert.False(machine.View.HasSnapshot);
        Assert.True(machine.Report(Own(1), Quiet, Start).IsFull);
    }

    [Fact]
    public void Accept_Incomplete_KeepsThePreviousSnapshot()
    {
        var (machine, reply) = Exchanged(Own(1));
        var before = machine.View;
        Assert.True(machine.Accept(reply with { Version = reply.Version + 1, IsComplete = false }));
        Assert.Same(before, machine.View);
    }

    [Fact]
    public void Accept_OwnRequestsLapsed_SubtractsConnectionsOnly()
    {
        var (machine, reply) = Exchanged([new LoadEntry(A, 3, 2)]);
        machine.Accept(reply with { Version = reply.Version + 1, RequestsLapsed = true, Totals = [new LoadEntry(A, 5, 6)] });
        Assert.Equal((5, 4), (machine.View.Requests[0], machine.View.Connections[0]));
    }

    [Fact]
    public void Accept_ReplyToTheProcessBefore_IsDropped()
    {
        var (machine, reply) = Exchanged(Own(1));
        Assert.False(machine.Accept(reply with { Version = reply.Version + 1, Incarnation = 0 }));
    }

    [Fact]
    public void Report_CountWentUpAndDownUnacknowledged_IsStillNamed()
    {
        var (machine, _) = Exchanged(Own(1));
        machine.Report(Own(2), Quiet, Start);
        var report = machine.Report(Own(1), Quiet, Start);
        Assert.Equal(1, report.BaseSequence);
        Assert.Equal([new LoadEntry(A, 1, 0)], report.Entries);
    }

    [Fact]
    public void Report_NothingChangedSinceAcknowledged_NamesNothing()
    {
        var (machine, _) = Exchanged(Own(1));
        Assert.Empty(machine.Report(Own(1), Quiet, Start).Entries);
    }

    [Fact]
    public void View_AgesFromWhenTheReportWasSent()
    {
        var machine = Machine();
        var reply = Pool().Exchange(machine.Report(Own(1), Quiet, Start), Start + TimeSpan.FromMilliseconds(40));
        machine.Accept(reply);
        Assert.Equal(Start, machine.View.TakenAt);
    }

    [Fact]
    public void Outlook_GrowsOld_TrustsRequestsLessAndLessAndConnectionsUntilTheirLeaseEnds()
    {
        var (machine, reply) = Exchanged(Own(1));
        machine.Accept(reply with
        {
            Version = reply.Version + 1,
            Traffic = new PoolTraffic(100, 20, TimeSpan.FromMilliseconds(50), 2),
        });
        Assert.Equal(new(0, 1, 1, 1), machine.View.At(Start));
        var fresh = machine.View.At(Start + TimeSpan.FromMilliseconds(10));
        Assert.Equal(0.8187, fresh.Requests, 0.0001);
        Assert.Equal(80 * 0.05 * (1 - 0.8187), fresh.Unseen, 0.001);
        Assert.Equal(1 - (10 / 75.0), fresh.Reckoning, 0.0001);
        var stale = machine.View.At(Start + TimeSpan.FromMilliseconds(75));
        Assert.Equal((1, 0), (stale.Connections, Math.Round(stale.Reckoning, 9)));
        // By then nothing of the snapshot is left, and the others have in flight what Little's law gives.
        var useless = machine.View.At(Start + TimeSpan.FromSeconds(10));
        Assert.Equal((4, 0), (Math.Round(useless.Unseen, 6), Math.Round(useless.Requests, 6)));
        Assert.Equal((0, 0), (useless.Connections, useless.Reckoning));
    }

    [Fact]
    public void Outlook_NothingEndedYet_TakesASecondForTheLengthOfARequest()
    {
        var (machine, _) = Exchanged(Own(1));
        Assert.Equal(Math.Exp(-1), machine.View.At(Start + TimeSpan.FromSeconds(1)).Requests, 0.0001);
    }

    [Fact]
    public void View_RemembersWhatTheOthersKnowOfThisFrontend()
    {
        var (machine, reply) = Exchanged([new LoadEntry(A, 3, 2)]);
        Assert.Equal((3, 2), (machine.View.OwnRequests[0], machine.View.OwnConnections[0]));
        machine.Accept(reply with { Version = reply.Version + 1, RequestsLapsed = true });
        Assert.Equal((0, 2), (machine.View.OwnRequests[0], machine.View.OwnConnections[0]));
    }

    private static FrontendLoadMachine Machine()
    {
        var machine = new FrontendLoadMachine("f", 1);
        machine.SetBackends([A]);
        return machine;
    }

    private static PoolLoadMachine Pool() => new("silo", Start - TimeSpan.FromSeconds(5));

    private static (FrontendLoadMachine Machine, LoadReply Reply) Exchanged(LoadEntry[] own)
    {
        var machine = Machine();
        var reply = Pool().Exchange(machine.Report(own, Quiet, Start), Start);
        Assert.True(machine.Accept(reply));
        return (machine, reply);
    }

    private static LoadEntry[] Own(int requests) => [new LoadEntry(A, requests, 0)];

    private static TrafficCounters Busy(long arrivals) => new(arrivals, 0, TimeSpan.Zero);
}
