namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>Traffic of a pool over all front-ends.</summary>
/// <param name="ArrivalRate">Requests a second arriving at all front-ends.</param>
/// <param name="ReaderArrivalRate">The part of it that arrives at the front-end that reads this, by the same estimate.</param>
/// <param name="MeanServiceTime">Mean time of a plain request; zero when none has ended yet.</param>
/// <param name="Frontends">Front-ends that report to the pool.</param>
public readonly record struct PoolTraffic(double ArrivalRate, double ReaderArrivalRate, TimeSpan MeanServiceTime, int Frontends)
{
    // More than any pool has, and few enough to be reckoned with.
    private const double MostRate = 1e12;

    private static readonly TimeSpan LongestServiceTime = TimeSpan.FromDays(1);

    /// <summary>
    /// Front-ends among whom what the pool may have is divided: those that report, and those that did so in the last ten minutes and did not say good-bye, because one that is cut off
    /// goes on with what it had.
    /// </summary>
    /// <value>0 from a pool that does not know of it.</value>
    public int Fleet { get; init; }

    /// <summary>The same with what no pool can have taken for nothing, or for the most there is: whatever a silo says, a front-end goes on.</summary>
    public PoolTraffic Usable => new(
        UsableRate(ArrivalRate),
        UsableRate(ReaderArrivalRate),
        TimeSpan.FromTicks(Math.Clamp(MeanServiceTime.Ticks, 0, LongestServiceTime.Ticks)),
        Math.Clamp(Frontends, 0, PoolLoadMachine.MaxFrontends))
    {
        Fleet = Math.Clamp(Fleet, 0, PoolLoadMachine.MaxFrontends),
    };

    /// <summary>Requests a second arriving at the other front-ends.</summary>
    public double ForeignArrivalRate => Math.Max(0, ArrivalRate - ReaderArrivalRate);

    private static double UsableRate(double rate) => rate > 0 ? Math.Min(rate, MostRate) : 0;
}
