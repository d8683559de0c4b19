using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

/// <summary>Whatever a silo answers, as one of another version or a broken one might, a front-end goes on and picks a backend.</summary>
public sealed class AnyReplyLaws
{
    private const int Backends = 3;

    private static readonly Gen<int> GenCount = Gen.OneOf(Gen.Int[0, 9], Gen.Int);

    private static readonly Gen<long> GenNumber = Gen.OneOf(Gen.Long[0, 4], Gen.Long);

    private static readonly Gen<TimeSpan> GenTime = Gen.OneOf(Gen.Long[0, TimeSpan.TicksPerSecond], Gen.Long).Select(TimeSpan.FromTicks);

    // One more key than there are backends.
    private static readonly Gen<BackendKey> GenKey = Gen.ULong[1, Backends + 1].Select(static key => new BackendKey(key));

    private static readonly Gen<LoadReply> GenReply = Gen.Select(
        Gen.Select(GenNumber, GenNumber, GenNumber, GenNumber, GenNumber),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool),
        Gen.Select(Weights.GenAnything, Weights.GenAnything, GenTime, GenCount).Select(static (arrivals, own, time, frontends) => new PoolTraffic(arrivals, own, time, frontends)),
        Gen.Select(GenKey, GenCount, GenCount).Select(static (key, requests, connections) => new LoadEntry(key, requests, connections)).Array[0, 5],
        Gen.Select(GenKey, GenTime).Select(static (key, mean) => new BackendLatency(key, mean)).Array[0, 5],
        static (numbers, flags, traffic, totals, latencies) => new LoadReply
        {
            Epoch = new PoolEpoch(numbers.Item1, "silo"),
            Version = numbers.Item2,
            BaseVersion = numbers.Item3,
            Incarnation = 1,
            InReplyTo = numbers.Item4,
            SequenceEcho = numbers.Item5,
            RequestsLapsed = flags.Item1,
            NeedFull = flags.Item2,
            IsComplete = flags.Item3,
            Traffic = traffic,
            Totals = totals,
            Latencies = latencies,
        });

    [Fact]
    public void AFrontendTakesAnyReplyAndPicksOneOfItsBackends() => Gen.Select(GenReply.Array[1, 6], GenTime, Gen.ULong).Sample(static (replies, step, seed) =>
    {
        var (machine, now, random) = (new FrontendLoadMachine("fe", 1), TimeSpan.Zero, new PickRandom(seed));
        machine.SetBackends([.. Enumerable.Range(1, Backends).Select(static key => new BackendKey((ulong)key))]);
        foreach (var reply in replies)
        {
            now += TimeSpan.FromTicks(Math.Abs(step.Ticks % TimeSpan.TicksPerMinute));
            machine.Report([new LoadEntry(new BackendKey(1), 2, 0)], new TrafficCounters(1, 0, TimeSpan.Zero), now);
            machine.Accept(reply);
            Assert.InRange(machine.DueIn([], default, now), TimeSpan.Zero, TimeSpan.FromMinutes(1));
            Assert.InRange(machine.Tau, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            AssertPicks(machine.View, now, ref random);
        }
    });

    private static void AssertPicks(ForeignLoad view, TimeSpan now, ref PickRandom random)
    {
        var outlook = view.At(now);
        var (loads, known, times) = (new double[Backends], new double[Backends], new double[Backends]);
        var (speeds, paces) = (new double[Backends], new double[Backends]);
        for (var i = 0; i < Backends; i++)
        {
            loads[i] = view.HasSnapshot ? outlook.Load(1, view.Requests[i], view.Connections[i]) : 1;
            known[i] = view.HasSnapshot ? outlook.Known(view.Requests[i], view.Connections[i], view.OwnRequests[i], view.OwnConnections[i]) : 1;
            times[i] = view.LatencyOf(i).TotalSeconds;
        }

        double[] weights = [1, 2, 3];
        var table = AliasTable.Build(weights);
        LeastResponseTimePicker.Weigh(weights, times, speeds);
        ResponseTimes.Complete(times, paces);
        for (var i = 0; i < Backends; i++)
            paces[i] /= UsualLoad.None.Observe(loads[i], now).Mean;
        int[] picks =
        [
            LeastRequestsPicker.Pick(loads, known, weights, outlook.Unseen, ref random),
            LeastResponseTimePicker.Pick(loads, known, speeds, outlook.Unseen, ref random),
            PowerOfTwoChoicesPicker.Pick(loads, table, ref random),
            HotColdPicker.Pick(loads, paces, HotColdPicker.HotAbove(loads, table, new double[Backends]), outlook.Unseen, table, ref random),
        ];
        Assert.All(picks, static pick => Assert.InRange(pick, 0, Backends - 1));
    }
}
