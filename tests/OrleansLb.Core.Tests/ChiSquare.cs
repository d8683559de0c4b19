namespace OrleansLb.Core.Tests;

/// <summary>Whether counts fit shares. Callers fix their seeds, so that a test passes always or never.</summary>
internal static class ChiSquare
{
    // Standard deviations: exceeded by chance three times in a hundred thousand.
    private const double Deviations = 4;

    internal static void AssertFits(IReadOnlyList<int> counts, IReadOnlyList<double> weights)
    {
        var (total, weight) = (counts.Sum(), weights.Sum());
        Assert.All(weights.Zip(counts), static pair => Assert.True(pair.First > 0 || pair.Second == 0, "Something without weight was counted."));
        var expected = weights.Select(one => total * one / weight).ToArray();
        Assert.All(expected.Where(static one => one > 0), static one => Assert.True(one >= 5, "Too few samples for a statement."));
        var statistic = counts.Zip(expected).Where(static pair => pair.Second > 0).Sum(static pair => Math.Pow(pair.First - pair.Second, 2) / pair.Second);
        Assert.InRange(statistic, 0, Bound(expected.Count(static one => one > 0) - 1));
    }

    // Wilson and Hilferty's approximation of the distribution's quantile.
    private static double Bound(int freedom) => freedom * Math.Pow(1 - (2.0 / (9 * freedom)) + (Deviations * Math.Sqrt(2.0 / (9 * freedom))), 3);
}
