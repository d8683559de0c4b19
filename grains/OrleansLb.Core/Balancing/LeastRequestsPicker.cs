namespace OrleansLb.Core.Balancing;

/// <summary>
/// Picks the backend with the least in flight per weight, as far as the front-end can know. What the other front-ends have
/// sent since the snapshot is taken to have gone where it levels the load, and the next request goes to each backend with
/// the share that it would get of that: with nothing unseen to the least loaded one, with much unseen by weight. That is
/// what keeps many front-ends with the same snapshot from running to the same idle backend (M. Dahlin, "Interpreting Stale
/// Load Information", IEEE TPDS 11(10), 2000: basic load interpretation).
/// </summary>
public static class LeastRequestsPicker
{
    // Below this many unseen requests the shares drown in rounding.
    private const double Nothing = 1e-6;

    /// <summary>Picks one of some backends.</summary>
    /// <param name="loads">Per backend what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="weights">Per backend its weight, above 0.</param>
    /// <param name="unseen">Requests that others have sent since the estimates were true, 0 or more.</param>
    /// <param name="random">Breaks ties and draws shares.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public static int Pick(ReadOnlySpan<double> loads, ReadOnlySpan<double> weights, double unseen, ref PickRandom random)
    {
        if (loads.Length <= 1)
            return loads.Length - 1;
        weights = weights[..loads.Length];
        return unseen < Nothing ? Least(loads, weights, ref random) : Draw(loads, weights, unseen, ref random);
    }

    private static int Least(ReadOnlySpan<double> loads, ReadOnlySpan<double> weights, ref PickRandom random)
    {
        var (best, least, ties) = (0, double.PositiveInfinity, 0);
        for (var i = 0; i < loads.Length; i++)
        {
            var load = loads[i] / weights[i];
            if (load < least)
                (best, least, ties) = (i, load, 1);
            else if (load == least && random.Next(++ties) == 0)
                best = i;
        }

        return best;
    }

    private static int Draw(ReadOnlySpan<double> loads, ReadOnlySpan<double> weights, double unseen, ref PickRandom random)
    {
        var level = Level(loads, weights, unseen);
        var left = random.NextDouble() * unseen;
        var last = 0;
        for (var i = 0; i < loads.Length; i++)
        {
            var room = (level * weights[i]) - loads[i];
            if (room <= 0)
                continue;
            last = i;
            left -= room;
            if (left < 0)
                break;
        }

        return last;
    }

    /// <summary>The load per weight that the backends below it reach when the unseen requests fill them up evenly.</summary>
    private static double Level(ReadOnlySpan<double> loads, ReadOnlySpan<double> weights, double unseen)
    {
        var level = double.PositiveInfinity;
        var below = loads.Length + 1;
        while (true)
        {
            var (count, load, weight) = (0, unseen, 0.0);
            for (var i = 0; i < loads.Length; i++)
            {
                if (loads[i] >= level * weights[i])
                    continue;
                count++;
                load += loads[i];
                weight += weights[i];
            }

            // Each round leaves out those above the last level, which lowers it: it ends after as many rounds as backends at most.
            if (count == 0 || count >= below)
                return level;
            (below, level) = (count, load / weight);
        }
    }
}
