using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

public sealed class PoolLoadMachineTests
{
    private static readonly BackendKey A = new(1);
    private static readonly BackendKey B = new(2);
    private static readonly TimeSpan Brisk = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(5);

    [Fact]
    public void Exchange_DeltaWithoutARow_AsksForTheWholeRow()
    {
        var pool = Pool();
        var reply = pool.Exchange(Report("f", 7, baseSequence: 6, entries: new LoadEntry(A, 3, 0)), Start);
        Assert.True(reply.NeedFull);
        Assert.Equal(0, reply.SequenceEcho);
        Assert.Empty(pool.Totals());
    }

    [Fact]
    public void Exchange_RepliesOnlyWithWhatChangedSinceTheAcknowledgedVersion()
    {
        var pool = Pool();
        var first = pool.Exchange(Report("f", 1, entries: [new LoadEntry(A, 3, 0), new LoadEntry(B, 1, 0)]), Start);
        var second = pool.Exchange(Report("f", 2, baseSequence: 1, acked: first, entries: new LoadEntry(B, 2, 0)), Start);
        Assert.Equal([new LoadEntry(B, 2, 0)], second.Totals);
        Assert.Equal(first.Version, second.BaseVersion);
        Assert.Equal(2, second.SequenceEcho);
    }

    [Fact]
    public void Exchange_HigherIncarnation_DropsTheRowBefore()
    {
        var pool = Pool();
        pool.Exchange(Report("f", 9, entries: new LoadEntry(A, 3, 4)), Start);
        pool.Exchange(Report("f", 1, incarnation: 2, entries: new LoadEntry(B, 1, 0)), Start);
        Assert.Equal([new LoadEntry(B, 1, 0)], pool.Totals());
    }

    [Fact]
    public void Exchange_LowerIncarnation_ChangesNothing()
    {
        var pool = Pool();
        pool.Exchange(Report("f", 1, incarnation: 2, entries: new LoadEntry(B, 1, 0)), Start);
        var reply = pool.Exchange(Report("f", 9, entries: new LoadEntry(A, 3, 4)), Start);
        Assert.Equal([new LoadEntry(B, 1, 0)], pool.Totals());
        Assert.Equal(0, reply.SequenceEcho);
    }

    [Fact]
    public void Expire_KilledFrontend_LosesRequestsWithinASecondAndConnectionsAfterTen()
    {
        var pool = Pool();
        pool.Exchange(Report("f", 1, entries: new LoadEntry(A, 3, 4)), Start);
        pool.Expire(Start + TimeSpan.FromMilliseconds(299));
        Assert.Equal([new LoadEntry(A, 3, 4)], pool.Totals());
        pool.Expire(Start + TimeSpan.FromMilliseconds(700));
        Assert.Equal([new LoadEntry(A, 0, 4)], pool.Totals());
        pool.Expire(Start + TimeSpan.FromSeconds(9.9));
        Assert.Equal([new LoadEntry(A, 0, 4)], pool.Totals());
        pool.Expire(Start + TimeSpan.FromSeconds(10));
        Assert.Empty(pool.Totals());
    }

    [Fact]
    public void MayExpireWithin_LooksAtLeasesOfCountedRequests()
    {
        var pool = Pool();
        var half = TimeSpan.FromMilliseconds(500);
        Assert.False(pool.MayExpireWithin(half, Start));
        pool.Exchange(Report("idle", 1, entries: new LoadEntry(A, 1, 0)) with { Tau = TimeSpan.FromSeconds(1) }, Start);
        Assert.False(pool.MayExpireWithin(half, Start + TimeSpan.FromSeconds(2.4)));
        Assert.True(pool.MayExpireWithin(half, Start + TimeSpan.FromSeconds(2.5)));
        pool.Exchange(Report("busy", 1, entries: new LoadEntry(A, 1, 0)), Start + TimeSpan.FromSeconds(1));
        Assert.True(pool.MayExpireWithin(half, Start + TimeSpan.FromSeconds(1)));
        pool.Expire(Start + TimeSpan.FromSeconds(1.5));
        Assert.False(pool.MayExpireWithin(half, Start + TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public void Exchange_RepeatedReportOfALapsedRow_SaysThatItsRequestsAreOut()
    {
        var pool = Pool();
        pool.Exchange(Report("f", 1, entries: new LoadEntry(A, 3, 4)), Start);
        var reply = pool.Exchange(Report("f", 1, entries: new LoadEntry(A, 3, 4)), Start + TimeSpan.FromSeconds(2));
        Assert.True(reply.RequestsLapsed);
        Assert.Equal(1, reply.SequenceEcho);
        Assert.Equal([new LoadEntry(A, 0, 4)], pool.Totals());
    }

    [Fact]
    public void Remove_LateReportOfTheSameIncarnation_StaysOut()
    {
        var pool = Pool();
        pool.Exchange(Report("f", 1, entries: new LoadEntry(A, 3, 4)), Start);
        Assert.True(pool.Remove("f", 1, Start));
        Assert.Empty(pool.Totals());
        var reply = pool.Exchange(Report("f", 2, entries: new LoadEntry(A, 3, 4)), Start);
        Assert.Empty(pool.Totals());
        Assert.False(reply.NeedFull);
    }

    [Fact]
    public void Exchange_HigherEpochTold_AdoptsOneAboveAndSendsAll()
    {
        var pool = Pool();
        pool.Exchange(Report("f", 1, entries: new LoadEntry(A, 3, 0)), Start);
        var told = Report("f", 2, baseSequence: 1, entries: []) with { AckedEpoch = new PoolEpoch(6, "other"), AckedVersion = 80 };
        var reply = pool.Exchange(told, Start);
        Assert.Equal(new PoolEpoch(7, "silo"), reply.Epoch);
        Assert.True(reply.IsFull);
        Assert.Equal([new LoadEntry(A, 3, 0)], reply.Totals);
    }

    [Fact]
    public void Exchange_VersionOfItsOwnEpochThatItNeverGave_TakesANewEpoch()
    {
        var pool = Pool();
        var reply = pool.Exchange(Report("f", 1, entries: []) with { AckedEpoch = pool.Epoch, AckedVersion = 50 }, Start);
        Assert.Equal(2, reply.Epoch.Number);
    }

    [Fact]
    public void IsComplete_RegisteredFrontendMissing_WaitsOneLease()
    {
        var pool = Pool();
        pool.SetRegistered(["f", "g"]);
        Assert.False(pool.Exchange(Report("f", 1, entries: []), Start).IsComplete);
        Assert.False(pool.IsComplete(Start + TimeSpan.FromMilliseconds(999)));
        Assert.True(pool.IsComplete(Start + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void IsComplete_EveryRegisteredFrontendHeard_IsTrueAtOnce()
    {
        var pool = Pool();
        pool.SetRegistered(["f", "g"]);
        pool.Exchange(Report("f", 1, entries: []), Start);
        Assert.True(pool.Exchange(Report("g", 1, entries: []), Start).IsComplete);
    }

    [Fact]
    public void Exchange_GrowingCounters_GivesRatesAndMeanServiceTime()
    {
        var pool = Pool();
        LoadReply? reply = null;
        for (var i = 0; i < 100; i++)
        {
            var at = Start + (i * Brisk);
            var counters = new TrafficCounters(i * 4, i * 2, i * 2 * TimeSpan.FromMilliseconds(30));
            pool.Exchange(Report("g", i + 1, entries: []) with { Counters = counters with { Arrivals = i * 2 } }, at);
            reply = pool.Exchange(Report("f", i + 1, entries: []) with { Counters = counters }, at);
        }

        Assert.NotNull(reply);
        Assert.Equal(300, reply.Traffic.ArrivalRate, 0.01);
        Assert.Equal(200, reply.Traffic.ReaderArrivalRate, 0.01);
        Assert.Equal(30, reply.Traffic.MeanServiceTime.TotalMilliseconds, 0.01);
        Assert.Equal(2, reply.Traffic.Frontends);
    }

    [Fact]
    public void Exchange_NegativeCount_IsRefusedAndAnsweredWithAllTotals()
    {
        var pool = Pool();
        var first = pool.Exchange(Report("g", 1, entries: new LoadEntry(A, 2, 0)), Start);
        pool.Exchange(Report("f", 1, entries: new LoadEntry(A, 3, 0)), Start);

        var reply = pool.Exchange(Report("f", 2, acked: first, entries: new LoadEntry(A, -1, 0)), Start);

        Assert.Equal((LoadRefusal.Counts, true, true, 1L), (reply.Refusal, reply.NeedFull, reply.IsFull, reply.SequenceEcho));
        Assert.Equal([new LoadEntry(A, 5, 0)], reply.Totals);
        Assert.Equal(LoadRefusal.None, pool.Exchange(Report("f", 2, entries: new LoadEntry(A, 4, 0)), Start).Refusal);
        Assert.Equal([new LoadEntry(A, 6, 0)], pool.Totals());
    }

    [Fact]
    public void Exchange_MoreFrontendsThanARoomHas_AreRefusedAndTheOthersStay()
    {
        var pool = Pool();
        for (var i = 0; i < PoolLoadMachine.MaxFrontends; i++)
            pool.Exchange(Report($"f{i}", 1, entries: new LoadEntry(A, 1, 0)), Start);

        Assert.Equal(LoadRefusal.TooManyFrontends, pool.Exchange(Report("g", 1, entries: new LoadEntry(A, 1, 0)), Start).Refusal);
        Assert.False(pool.Remove("g", 1, Start));
        Assert.Equal(LoadRefusal.None, pool.Exchange(Report("f7", 2, entries: new LoadEntry(A, 2, 0)), Start).Refusal);
        Assert.Equal([new LoadEntry(A, PoolLoadMachine.MaxFrontends + 1, 0)], pool.Totals());
    }

    [Fact]
    public void Exchange_ServiceTimeOverNextToNothing_HasAMeanThatCanBeTold()
    {
        var pool = Pool();
        pool.Exchange(Report("f", 1, entries: []), Start);
        pool.Exchange(Report("f", 2, entries: []) with { Counters = new TrafficCounters(1, 1, TimeSpan.Zero) }, Start + Brisk);
        var later = Start + Brisk + TimeSpan.FromSeconds(9);
        var reply = pool.Exchange(Report("f", 3, entries: []) with { Counters = new TrafficCounters(1, 1, TimeSpan.MaxValue) }, later);

        Assert.Equal(TimeSpan.FromDays(1), reply.Traffic.MeanServiceTime);
    }

    [Fact]
    public void Exchange_ManyBackendsCameAndWent_SendsAllToTheReaderThatMissedIt()
    {
        var pool = Pool();
        var first = pool.Exchange(Report("f", 1, entries: []), Start);
        pool.Exchange(Report("g", 1, entries: [.. Enumerable.Range(10, 100).Select(static i => new LoadEntry(new BackendKey((ulong)i), 1, 0))]), Start);
        pool.Exchange(Report("g", 2, entries: new LoadEntry(A, 1, 0)), Start);
        pool.Expire(Start);
        var reply = pool.Exchange(Report("f", 2, baseSequence: 1, acked: first, entries: []), Start);
        Assert.True(reply.IsFull);
        Assert.Equal([new LoadEntry(A, 1, 0)], reply.Totals);
    }

    private static PoolLoadMachine Pool() => new("silo", Start);

    private static LoadReport Report(
        string frontend, long sequence, long baseSequence = 0, long incarnation = 1, LoadReply? acked = null, params LoadEntry[] entries) => new()
    {
        FrontendId = frontend,
        Incarnation = incarnation,
        Sequence = sequence,
        BaseSequence = baseSequence,
        AckedEpoch = acked?.Epoch ?? PoolEpoch.None,
        AckedVersion = acked?.Version ?? 0,
        Tau = Brisk,
        Counters = default,
        Entries = entries,
    };
}
