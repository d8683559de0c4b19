using CsCheck;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

/// <summary>Whatever a front-end reports, as one of another version or a broken one might, a pool answers and what others reported stays.</summary>
public sealed class AnyReportLaws
{
    private static readonly Gen<long> GenAnyNumber = Gen.OneOf(Gen.Long[-1, 4], Gen.Long, Gen.Const(long.MinValue), Gen.Const(long.MaxValue - 1), Gen.Const(long.MaxValue));

    private static readonly Gen<int> GenCount = Gen.Frequency((30, Gen.Int[0, 9]), (1, Gen.Int), (1, Gen.Const(int.MaxValue)), (1, Gen.Const(-1)));

    // Most of a report is as it should be, so that what is wrong is all that is wrong with it.
    private static readonly Gen<TimeSpan> GenTime = Gen.Frequency((20, Gen.Long[0, TimeSpan.TicksPerSecond]), (1, Gen.Const(long.MaxValue)), (1, GenAnyNumber)).Select(TimeSpan.FromTicks);

    private static readonly Gen<BackendKey> GenKey = Gen.ULong[1, 3].Select(static key => new BackendKey(key));

    private static readonly Gen<LoadEntry> GenEntry = Gen.Select(GenKey, GenCount, GenCount, static (key, requests, connections) => new LoadEntry(key, requests, connections));

    private static readonly Gen<OutcomeEntry> GenOutcome = Gen.Select(
        GenKey, Gen.Select(Mostly(6, 9), Mostly(3, 6), Mostly(0, 3), GenTime), GenCount,
        static (key, counters, run) => new OutcomeEntry(key, new OutcomeCounters(counters.Item1, counters.Item3, counters.Item2, counters.Item4), run));

    // Keys repeat now and then, and some reports have more entries than any may have.
    private static readonly Gen<LoadReport> GenReport = Gen.Select(
        Gen.Frequency((10, Gen.Const("a")), (10, Gen.Const("b")), (1, Gen.Const("")), (1, Gen.Const((string)null!))),
        Gen.Select(Gen.Long[0, 2], Mostly(1, 6), Mostly(0, 1), Mostly(0, 3), Mostly(0, 9)),
        GenTime,
        Gen.Select(Mostly(0, 99), Mostly(0, 99), GenTime, static (arrivals, completions, time) => new TrafficCounters(arrivals, completions, time)),
        Gen.Select(GenEntry.Array[0, 5], GenOutcome.Array[0, 4], Gen.Int[0, 200]),
        static (id, numbers, tau, counters, lists) => new LoadReport
        {
            FrontendId = id,
            Incarnation = numbers.Item1,
            Sequence = numbers.Item2,
            BaseSequence = numbers.Item3,
            AckedEpoch = new PoolEpoch(numbers.Item4, numbers.Item4 % 2 == 0 ? "silo" : null!),
            AckedVersion = numbers.Item5,
            Tau = tau,
            Counters = counters,
            Entries = lists.Item3 == 0 ? new LoadEntry[PoolLoadMachine.MaxEntries + 1] : lists.Item1,
            Outcomes = lists.Item3 == 1 ? new OutcomeEntry[PoolLoadMachine.MaxEntries + 1] : lists.Item2,
        });

    [Fact]
    public void APoolAnswersAnyReportAndLeavesEverybodyElsesCounts() => Gen.Select(GenReport.Array[1, 8], Gen.Int[0, 400].Array[8]).Sample(static (reports, steps) =>
    {
        var (pool, now) = (new PoolLoadMachine("silo", TimeSpan.Zero), TimeSpan.Zero);
        var honest = new FrontendLoadMachine("honest", 1);
        LoadEntry[] load = [new(new BackendKey(1), 2, 1), new(new BackendKey(2), 0, 7)];
        foreach (var (report, step) in reports.Zip(steps))
        {
            now += TimeSpan.FromMilliseconds(step);
            Assert.Equal(LoadRefusal.None, pool.Exchange(honest.Report(load, new TrafficCounters(1, 0, TimeSpan.Zero), now), now).Refusal);

            var before = pool.Frontends(now);
            var reply = pool.Exchange(report, now);

            AssertUsable(reply, report);
            Assert.Equal(load, pool.Frontends(now).Single(static row => row.FrontendId == "honest").Entries.OrderBy(static entry => entry.Key.Value));
            if (reply.Refusal != LoadRefusal.None)
                Assert.Equal(Shown(before), Shown(pool.Frontends(now)));
            Assert.Equal(Sum(pool, now), pool.Totals().Sum(static total => (long)total.Requests + total.Connections));
        }
    });

    [Theory]
    [InlineData(LoadRefusal.None)]
    [InlineData(LoadRefusal.NoFrontend)]
    [InlineData(LoadRefusal.Sequence)]
    [InlineData(LoadRefusal.Acknowledgement)]
    [InlineData(LoadRefusal.Traffic)]
    [InlineData(LoadRefusal.Counts)]
    [InlineData(LoadRefusal.Outcomes)]
    public void TheLawSeesEachKindOfReport(LoadRefusal refusal)
    {
        var isSeen = false;
        GenReport.Sample(report => { isSeen |= new PoolLoadMachine("silo", TimeSpan.Zero).Exchange(report, TimeSpan.Zero).Refusal == refusal; }, iter: 1000, threads: 1);
        Assert.True(isSeen);
    }

    private static Gen<long> Mostly(long least, long most) => Gen.Frequency((20, Gen.Long[least, most]), (1, GenAnyNumber));

    private static void AssertUsable(LoadReply reply, LoadReport report)
    {
        Assert.True(Enum.IsDefined(reply.Refusal));
        Assert.Equal((report.Incarnation, report.Sequence), (reply.Incarnation, reply.InReplyTo));
        Assert.InRange(reply.Traffic.MeanServiceTime, TimeSpan.Zero, TimeSpan.FromDays(1));
        Assert.True(double.IsFinite(reply.Traffic.ArrivalRate) && reply.Traffic.ArrivalRate >= 0);
        Assert.All(reply.Totals, static total => Assert.True(total.Requests >= 0 && total.Connections >= 0));
        Assert.All(reply.Latencies, static latency => Assert.InRange(latency.Mean, TimeSpan.Zero, TimeSpan.FromDays(1)));
        if (reply.Refusal != LoadRefusal.None)
            Assert.True(reply.IsFull && reply.NeedFull);
    }

    private static long Sum(PoolLoadMachine pool, TimeSpan now) => pool.Frontends(now)
        .SelectMany(static row => row.Entries)
        .GroupBy(static entry => entry.Key)
        .Sum(static backend => Math.Min(int.MaxValue, backend.Sum(static entry => (long)entry.Requests)) + Math.Min(int.MaxValue, backend.Sum(static entry => (long)entry.Connections)));

    private static string Shown(IReadOnlyList<FrontendLoad> rows) => string.Join(
        "; ", rows.Select(static row => $"{row.FrontendId}/{row.Incarnation}/{row.Sequence}: {string.Join(", ", row.Entries.OrderBy(static entry => entry.Key.Value))}"));
}
