namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// How often a front-end exchanges its load with a pool. Few requests in flight per backend make every unseen one weigh
/// much, so there the interval is a small part of a service time; where many are in flight half of one will do.
/// The constants are those of docs/decisions/0001-cluster-least-requests-constants.md.
/// </summary>
public static class ExchangePace
{
    /// <summary>Shortest regular interval.</summary>
    public static readonly TimeSpan Fastest = TimeSpan.FromMilliseconds(3);

    /// <summary>Longest regular interval of a front-end with traffic.</summary>
    public static readonly TimeSpan Slowest = TimeSpan.FromMilliseconds(100);

    /// <summary>Interval of a front-end without traffic.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>Shortest time between two reports, however much changes.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(2);

    /// <summary>Interval while no request has ended yet, so that nothing is known of their length, and where they end too soon to be followed.</summary>
    public static readonly TimeSpan Coarse = TimeSpan.FromMilliseconds(20);

    // What is known of others is worth nothing to a pick once it is this many service times old.
    private const double UsefulAge = 5;

    // One pool grain answers this many exchanges a second without being felt; with more front-ends each asks less often.
    private const double ExchangesPerSecond = 4000;

    // Exchanges a service time: fewest, and most.
    private const double Sparse = 2;
    private const double Dense = 24;

    // Requests in flight per backend at which sparse is enough, times sparse.
    private const double Crowd = 100;

    // A front-end asks at most this often for each request that it sends.
    private const double AsksPerRequest = 12;

    /// <summary>The shortest time between two reports of a front-end in a pool that many share.</summary>
    /// <param name="frontends">Front-ends that report to the pool.</param>
    /// <returns>2 ms for up to 8, then growing with their number.</returns>
    public static TimeSpan FloorOf(int frontends) => Longer(TimeSpan.FromSeconds(frontends / ExchangesPerSecond), Floor);

    /// <summary>Whether requests last long enough for others to hear of them in time. Those that do not still add up to loads that do, which is what the coarse interval is for.</summary>
    /// <param name="meanServiceTime">How long requests last; zero while nobody knows.</param>
    /// <returns><see langword="false"/> below 0.6 ms: the fastest exchange would be more than five of them old.</returns>
    public static bool CanFollow(TimeSpan meanServiceTime) => meanServiceTime <= TimeSpan.Zero || meanServiceTime * UsefulAge >= Fastest;

    /// <summary>The regular interval of a front-end with traffic.</summary>
    /// <param name="traffic">What is known of the pool's traffic.</param>
    /// <param name="backends">Backends of the pool.</param>
    /// <returns>
    /// A twenty-fourth to a half of the mean service time, and 3 to 100 ms; 20 ms where service times are unknown or too short to be followed; more when very many front-ends share the pool.
    /// </returns>
    public static TimeSpan Regular(in PoolTraffic traffic, int backends)
    {
        if (traffic.MeanServiceTime <= TimeSpan.Zero || !CanFollow(traffic.MeanServiceTime))
            return Longer(Coarse, FloorOf(traffic.Frontends));
        var inFlightPerBackend = traffic.ArrivalRate * traffic.MeanServiceTime.TotalSeconds / Math.Max(1, backends);
        var ownInFlight = traffic.ReaderArrivalRate * traffic.MeanServiceTime.TotalSeconds;
        var wanted = Math.Min(Crowd / Math.Max(1, inFlightPerBackend), AsksPerRequest * ownInFlight);
        var interval = traffic.MeanServiceTime / Math.Clamp(wanted, Sparse, Dense);
        interval = interval > Slowest ? Slowest : interval;
        return Longer(Longer(interval, Fastest), FloorOf(traffic.Frontends));
    }

    /// <summary>How far a count must move for the news not to wait for the next regular report.</summary>
    /// <param name="sent">The count last sent.</param>
    /// <returns>A quarter of it, 1 at least.</returns>
    public static int UrgentMove(int sent) => Math.Max(1, (sent + 3) / 4);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
