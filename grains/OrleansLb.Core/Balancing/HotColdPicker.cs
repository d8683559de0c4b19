namespace OrleansLb.Core.Balancing;

/// <summary>
/// The rule of Prequal (B. Wydrowski et al., "Load is not what you should balance: Introducing Prequal", NSDI 2024), on the cluster's snapshot in the
/// place of probes: a backend with more in flight than most is hot. Of a few backends drawn by weight, the cold one that will respond first with what it has in
/// flight now is taken; when all are hot, the one with the least in flight per weight.
/// </summary>
public static class HotColdPicker
{
    /// <summary>Share of the backends that are cold: 2^-0.25, the paper's.</summary>
    public const double ColdQuantile = 0.8408964152537145;

    /// <summary>The most backends that are looked at for one request: the paper's pool of probes.</summary>
    public const int MostSamples = 16;

    private const int FewestSamples = 2;

    // The fewer are looked at, the less do front-ends agree on one backend: with this many requests unseen, half as many are looked at.
    private const double UnseenPerHalving = 4;

    /// <summary>The load per weight above which a backend is hot. Sorts: for each new snapshot, not for each request.</summary>
    /// <param name="loads">Per backend what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="table">The backends' weights; as many as loads.</param>
    /// <param name="scratch">Memory to sort in; at least as long as loads, and not the same.</param>
    /// <returns>The quantile; infinite without backends: then none is hot.</returns>
    public static double HotAbove(ReadOnlySpan<double> loads, AliasTable table, Span<double> scratch)
    {
        var count = 0;
        for (var i = 0; i < Math.Min(loads.Length, table.Count); i++)
        {
            if (table.Weights[i] > 0)
                scratch[count++] = loads[i] / table.Weights[i];
        }

        if (count == 0)
            return double.PositiveInfinity;
        scratch[..count].Sort();
        return scratch[(int)(ColdQuantile * (count - 1))];
    }

    /// <summary>Picks one of some backends.</summary>
    /// <param name="loads">Per backend what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="paces">Per backend its response time for each request in flight: divided by its <see cref="UsualLoad"/>.</param>
    /// <param name="hotAbove">The load per weight above which a backend is hot: <see cref="HotAbove"/>.</param>
    /// <param name="unseen">Requests that others have sent since the estimates were true, 0 or more.</param>
    /// <param name="table">The backends' weights; as many as loads and response times.</param>
    /// <param name="random">Draws.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public static int Pick(
        ReadOnlySpan<double> loads, ReadOnlySpan<double> paces, double hotAbove, double unseen, AliasTable table, ref PickRandom random)
    {
        var first = table.Pick(ref random);
        if (table.Drawable <= 1)
            return first;
        var sight = new HotColdSight(loads, paces, hotAbove, table.Weights);
        var samples = Math.Min(MostSamples, table.Drawable / (1 + (Math.Max(0, unseen) / UnseenPerHalving)));
        return Math.Round(samples) >= table.Drawable ? BestOfAll(first, sight, table.Count) : BestOfDrawn(first, sight, samples, table, ref random);
    }

    // From a random one on, so that equals share.
    private static int BestOfAll(int first, HotColdSight sight, int count)
    {
        var best = first;
        for (var i = 1; i < count; i++)
        {
            var other = first + i < count ? first + i : first + i - count;
            if (sight.IsBetter(other, best))
                best = other;
        }

        return best;
    }

    // The same may be drawn again: with two backends and an old snapshot, a quarter of the requests then still goes to the worse one.
    private static int BestOfDrawn(int first, HotColdSight sight, double samples, AliasTable table, ref PickRandom random)
    {
        var best = first;
        for (var i = Math.Max(FewestSamples, (int)samples); i > 1; i--)
        {
            var other = table.Pick(ref random);
            if (sight.IsBetter(other, best))
                best = other;
        }

        return best;
    }
}
