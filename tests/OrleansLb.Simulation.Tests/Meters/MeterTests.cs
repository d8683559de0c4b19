using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Reports;
using OrleansLb.Simulation.Meters;

namespace OrleansLb.Simulation.Tests.Meters;

public sealed class MeterTests
{
    [Fact]
    public void QuantilesAreWithinHalfAPercent() =>
        Gen.Double[0.01, 1000].Array[1, 500].Select(Gen.Double[0.01, 0.99]).Sample(static (times, share) =>
        {
            var histogram = new TimeHistogram();
            foreach (var time in times)
                histogram.Add(time);
            var exact = times.Order().ElementAt((int)Math.Ceiling(share * times.Length) - 1);
            return Math.Abs((histogram.Quantile(share) / exact) - 1) < 0.0051 && Math.Abs(histogram.Mean - times.Average()) < 1e-9 * histogram.Mean;
        });

    [Fact]
    public void Add_OtherHistogram_IsAsIfRecordedTogether()
    {
        var (first, second, both) = (new TimeHistogram(), new TimeHistogram(), new TimeHistogram());
        foreach (var time in (double[])[0.2, 3, 7])
        {
            first.Add(time);
            second.Add(2 * time);
            both.Add(time);
            both.Add(2 * time);
        }

        first.Add(second);
        Assert.Equal((both.Count, both.Quantile(0.5)), (first.Count, first.Quantile(0.5)));
        Assert.Equal(both.Mean, first.Mean, 1e-9);
    }

    [Fact]
    public void SpreadIsTheTimeAverageOfMaxOverMean() =>
        Gen.Int[1, 3].Array[1, 6].Select(Gen.Select(Gen.Int[0, 5], Gen.Int[0, 9], Gen.Double[0.001, 1]).Array[1, 60]).Sample(static (weights, moves) =>
        {
            var meter = new SpreadMeter([.. weights.Select(static weight => (double)weight)]);
            var (counts, now, area, busy) = (new int[weights.Length], 0.0, 0.0, 0.0);
            foreach (var (at, to, span) in moves)
            {
                now += span;
                if (counts.Sum() > 0)
                {
                    area += span * counts.Select((count, i) => (double)count / weights[i]).Max() * weights.Sum() / counts.Sum();
                    busy += span;
                }

                var backend = at % weights.Length;
                meter.Moved(backend, counts[backend], to, now);
                counts[backend] = to;
            }

            return Math.Abs(meter.MaxOverMean - (busy > 0 ? area / busy : 0)) < 1e-9;
        });

    [Fact]
    public void PeakIsTheMostAtABackendOverTheMeanOfAll()
    {
        var meter = new PeakMeter([1, 3]);
        meter.Moved(1, 0, 20, 0);
        meter.Moved(1, 20, 9, 1);
        meter.Restart(10);
        meter.Moved(1, 9, 3, 11);
        meter.Moved(0, 0, 5, 12);
        meter.Moved(0, 5, 1, 13);
        // 9, 3, 8 and 4 in flight for a time unit each, of weight 4: 1.5 on average.
        Assert.Equal([5 / 1.5, 3 / 1.5], meter.OverMean(14), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void HerdIndex_IndependentPicks_IsOne()
    {
        var (meter, random) = (new HerdMeter(10, serviceSeconds: 1), new PickRandom(7));
        for (var i = 0; i < 100_000; i++)
            meter.Picked(random.Next(5), random.Next(10), i * 0.01);
        Assert.InRange(meter.Index, 0.95, 1.05);
    }

    [Fact]
    public void HerdIndex_AllFollowTheFirst_IsTheNumberOfBackends()
    {
        var meter = new HerdMeter(10, serviceSeconds: 1);
        for (var i = 0; i < 1000; i++)
            meter.Picked(i % 2, i / 2 % 10, i / 2);
        Assert.Equal(10, meter.Index, 0.01);
    }

    [Fact]
    public void HerdIndex_FrontendsKeepApart_IsZero()
    {
        var meter = new HerdMeter(2, serviceSeconds: 1);
        for (var i = 0; i < 1000; i++)
            meter.Picked(i % 2, i % 2, i * 0.01);
        Assert.Equal(0, meter.Index);
    }
}
