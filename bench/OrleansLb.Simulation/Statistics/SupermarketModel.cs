namespace OrleansLb.Simulation.Statistics;

/// <summary>
/// Mean time in the system of single-server queues with Poisson arrivals and exponential service, in service times, in the
/// limit of many queues (M. Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 12(10), 2001).
/// </summary>
public static class SupermarketModel
{
    private const double Negligible = 1e-15;

    /// <summary>When each request joins the shortest of some random queues.</summary>
    /// <param name="load">Arrivals per queue and service time, 0 to below 1.</param>
    /// <param name="choices">Queues looked at: 1 is a random queue, which is M/M/1 and exact for any number of queues.</param>
    public static double MeanTime(double load, int choices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(load);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(load, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(choices, 1);
        if (choices == 1)
            return 1 / (1 - load);
        var sum = 0.0;
        for (var power = (double)choices; ; power *= choices)
        {
            var term = Math.Pow(load, (power - choices) / (choices - 1));
            sum += term;
            if (term < Negligible)
                return sum;
        }
    }
}
