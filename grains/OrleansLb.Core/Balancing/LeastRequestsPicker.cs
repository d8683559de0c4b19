namespace OrleansLb.Core.Balancing;

/// <summary>
/// Picks the backend with the least in flight per weight, as far as the front-end can know. What the other front-ends have
/// sent since the snapshot is taken to have levelled the load as they know it; on top of that comes what only this
/// front-end knows, which is what it has itself sent and seen end. The least of these sums is taken, and of equal ones each
/// with the share that the others give it. The first part keeps many front-ends with the same snapshot from running to the
/// same idle backend (after M. Dahlin, "Interpreting Stale Load Information", IEEE TPDS 11(10), 2000), the second makes the
/// rule the local least requests that it turns into when nothing of the others is known.
/// </summary>
public static class LeastRequestsPicker
{
    /// <summary>
    /// How much of the request to place does not count. With all of it in the loads heavy backends are taken too early, with nothing of it
    /// light ones (Webster's divisor method; F. Pukelsheim, "Proportional Representation", 2014).
    /// </summary>
    /// <remarks>Given loads with some other part of the request in them, the rule is the one of that part.</remarks>
    public const double LeftOut = 0.5;

    // Below this many unseen requests the shares drown in rounding.
    private const double Nothing = 1e-6;

    // Loads whose ratio is nearer to 1 are equal: the same sum comes out a little different in another order.
    private const double Rounding = 1e-9;

    /// <summary>Picks one of some backends.</summary>
    /// <param name="loads">Per backend what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="known">The same as the other front-ends see it: without what only this one knows.</param>
    /// <param name="weights">Per backend its weight, above 0.</param>
    /// <param name="unseen">Requests of the others in flight that are in neither, 0 or more.</param>
    /// <param name="random">Breaks ties.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public static int Pick(
        ReadOnlySpan<double> loads,
        ReadOnlySpan<double> known,
        ReadOnlySpan<double> weights,
        double unseen,
        ref PickRandom random)
    {
        if (loads.Length <= 1)
            return loads.Length - 1;
        known = known[..loads.Length];
        weights = weights[..loads.Length];
        return unseen < Nothing
            ? Least(loads, weights, ref random)
            : LeastAbove(Level(known, weights, unseen), loads, known, weights, ref random);
    }

    /// <summary>The least load per weight, ties at random. Fractions are compared by their products, which takes half the time that dividing does.</summary>
    private static int Least(ReadOnlySpan<double> loads, ReadOnlySpan<double> weights, ref PickRandom random)
    {
        var (best, least, weight, ties) = (0, loads[0] - LeftOut, weights[0], 1);
        for (var i = 1; i < loads.Length && i < weights.Length; i++)
        {
            var (left, right) = ((loads[i] - LeftOut) * weight, least * weights[i]);
            if (left > right)
                continue;
            if (left < right)
                (best, least, weight, ties) = (i, loads[i] - LeftOut, weights[i], 1);
            else
                ties++;
        }

        return ties == 1 ? best : DrawEqual(best, loads, weights, random.NextDouble() * ties);
    }

    /// <summary>The one of those equal to the first of them that has so many of them before it.</summary>
    private static int DrawEqual(int first, ReadOnlySpan<double> loads, ReadOnlySpan<double> weights, double before)
    {
        var last = first;
        for (var i = first; i < loads.Length && before >= 0; i++)
        {
            if ((loads[i] - LeftOut) * weights[first] != (loads[first] - LeftOut) * weights[i])
                continue;
            last = i;
            before--;
        }

        return last;
    }

    /// <summary>The least load per weight once the others' unseen requests have filled up what they know to be below a level.</summary>
    private static int LeastAbove(
        double level,
        ReadOnlySpan<double> loads,
        ReadOnlySpan<double> known,
        ReadOnlySpan<double> weights,
        ref PickRandom random)
    {
        var (best, least, shares, ties) = (0, double.PositiveInfinity, 0.0, 0);
        for (var i = 0; i < loads.Length; i++)
        {
            var room = Room(known[i], weights[i], level);
            var load = (loads[i] + room - LeftOut) / weights[i];
            if (load > least * (1 + Rounding))
                continue;
            if (load < least * (1 - Rounding))
                (best, least, shares, ties) = (i, load, 0, 0);
            shares += room;
            ties++;
        }

        return ties == 1 ? best : Draw(loads, known, weights, level, least, shares, ties, ref random);
    }

    /// <summary>Draws one of those that are equally the least, each with its share.</summary>
    private static int Draw(
        ReadOnlySpan<double> loads,
        ReadOnlySpan<double> known,
        ReadOnlySpan<double> weights,
        double level,
        double least,
        double shares,
        int ties,
        ref PickRandom random)
    {
        // Nobody else sends anything to a backend that is above the level; there all shares are alike.
        var alike = shares <= 0;
        var left = random.NextDouble() * (alike ? ties : shares);
        var last = 0;
        for (var i = 0; i < loads.Length; i++)
        {
            var room = Room(known[i], weights[i], level);
            if ((loads[i] + room - LeftOut) / weights[i] > least * (1 + Rounding))
                continue;
            last = i;
            left -= alike ? 1 : room;
            if (left < 0)
                break;
        }

        return last;
    }

    /// <summary>What the unseen requests bring to a backend that is below the level.</summary>
    private static double Room(double known, double weight, double level) => Math.Max(0, (level * weight) - known + LeftOut);

    /// <summary>The load per weight that the backends below it reach when the unseen requests fill them up evenly.</summary>
    private static double Level(ReadOnlySpan<double> known, ReadOnlySpan<double> weights, double unseen)
    {
        var level = double.PositiveInfinity;
        var below = known.Length + 1;
        while (true)
        {
            var (count, load, weight) = (0, unseen, 0.0);
            for (var i = 0; i < known.Length; i++)
            {
                if (known[i] - LeftOut >= level * weights[i])
                    continue;
                count++;
                load += known[i] - LeftOut;
                weight += weights[i];
            }

            // Each round leaves out those above the last level, which lowers it: it ends after as many rounds as backends at most.
            if (count == 0 || count >= below)
                return level;
            (below, level) = (count, load / weight);
        }
    }
}
