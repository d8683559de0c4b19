namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>Traffic of a pool over all front-ends.</summary>
/// <param name="ArrivalRate">Requests a second arriving at all front-ends.</param>
/// <param name="ReaderArrivalRate">The part of it that arrives at the front-end that reads this, by the same estimate.</param>
/// <param name="MeanServiceTime">Mean time of a plain request; zero when none has ended yet.</param>
/// <param name="Frontends">Front-ends that report to the pool.</param>
public readonly record struct PoolTraffic(double ArrivalRate, double ReaderArrivalRate, TimeSpan MeanServiceTime, int Frontends)
{
    /// <summary>Requests a second arriving at the other front-ends.</summary>
    public double ForeignArrivalRate => Math.Max(0, ArrivalRate - ReaderArrivalRate);
}
