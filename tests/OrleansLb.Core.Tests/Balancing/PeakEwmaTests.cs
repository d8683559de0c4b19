using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class PeakEwmaTests
{
    private static readonly TimeSpan Decay = PeakEwma.DefaultDecay;

    private static readonly Gen<TimeSpan> GenTime = Gen.Double[0.001, 60].Select(static seconds => TimeSpan.FromSeconds(seconds));

    private static readonly Gen<PeakEwma> GenEwma = Gen.Select(GenTime, GenTime).Array[0, 5]
        .Select(static samples => samples.Aggregate(PeakEwma.None, static (ewma, sample) => ewma.Observe(sample.Item1, sample.Item2, Decay)));

    [Fact]
    public void Observe_Peak_IsTakenAtOnce()
    {
        var ewma = PeakEwma.None.Observe(Seconds(0.1), Seconds(1), Decay).Observe(Seconds(3), Seconds(1.1), Decay);
        Assert.Equal(new PeakEwma(3, Seconds(1.1)), ewma);
    }

    [Fact]
    public void Observe_FastAfterAPeak_ComesDownWithTheTimeConstant()
    {
        var ewma = new PeakEwma(1, Seconds(0)).Observe(Seconds(0.2), Seconds(10), Decay);
        Assert.Equal(0.2 + (0.8 / Math.E), ewma.Seconds, 1e-12);
    }

    [Fact]
    public void Read_WithoutResponses_FadesAndChangesNothing()
    {
        var ewma = new PeakEwma(2, Seconds(5));
        Assert.Equal(2 / Math.E, ewma.Read(Seconds(15), Decay), 1e-12);
        Assert.Equal(2, ewma.Read(Seconds(5), Decay));
        Assert.Equal(2, ewma.Read(Seconds(1), Decay));
        Assert.Equal(0, PeakEwma.None.Read(Seconds(15), Decay));
    }

    [Fact]
    public void Observe_TimeRunsBackwards_CountsAsTheLastSamplesTime()
    {
        var ewma = new PeakEwma(2, Seconds(5));
        Assert.Equal(ewma, ewma.Observe(Seconds(1), Seconds(3), Decay));
        Assert.Equal(new PeakEwma(4, Seconds(5)), ewma.Observe(Seconds(4), Seconds(3), Decay));
    }

    [Fact]
    public void Observe_NothingOrLess_IsStillASample()
    {
        Assert.True(PeakEwma.None.Observe(TimeSpan.Zero, Seconds(3), Decay).HasSamples);
        Assert.True(PeakEwma.None.Observe(TimeSpan.MinValue, Seconds(3), Decay).HasSamples);
        Assert.False(PeakEwma.None.HasSamples);
    }

    [Fact]
    public void Observe_NoTimeConstant_ForgetsAllButTheSample() =>
        Assert.Equal(0.5, new PeakEwma(2, Seconds(5)).Observe(Seconds(0.5), Seconds(6), TimeSpan.Zero).Seconds);

    [Fact]
    public void TheAverageLiesBetweenTheSampleAndWhatWas() =>
        Gen.Select(GenEwma, GenTime, GenTime).Sample(static (ewma, took, now) =>
        {
            var after = ewma.Observe(took, now, Decay).Seconds;
            return after >= took.TotalSeconds * (1 - 1e-12) && after <= Math.Max(took.TotalSeconds, ewma.Seconds) * (1 + 1e-12);
        });

    [Fact]
    public void ASlowerSampleNeverGivesALowerAverage() =>
        Gen.Select(GenEwma, GenTime, GenTime, GenTime).Sample(static (ewma, one, other, now) =>
            one.CompareTo(other) * ewma.Observe(one, now, Decay).Seconds.CompareTo(ewma.Observe(other, now, Decay).Seconds) >= 0);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
