using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

/// <summary>The rule of <see cref="LeastRequestsPicker"/> one backend after the other, as one would write it down: what the fast one is compared with.</summary>
internal static class PlainLeastRequests
{
    private const double Rounding = 1e-9;

    public static int Pick(double[] loads, double[] known, double[] weights, double unseen, ref PickRandom random)
    {
        var shares = new double[loads.Length];
        if (LeastRequestsPicker.Heeds(unseen))
            Fill(known, weights, unseen, shares);
        double[] ratios = [.. loads.Select((load, i) => (load + shares[i] - LeastRequestsPicker.LeftOut) / weights[i])];
        var least = ratios.Min();
        int[] equal = [.. Enumerable.Range(0, loads.Length).Where(i => ratios[i] <= least * (1 + Rounding))];
        if (equal.Length == 1)
            return equal[0];
        var sum = equal.Sum(i => shares[i]);
        var left = random.NextDouble() * (sum > 0 ? sum : equal.Length);
        foreach (var i in equal)
        {
            if ((left -= sum > 0 ? shares[i] : 1) < 0)
                return i;
        }

        return equal[^1];
    }

    private static void Fill(double[] known, double[] weights, double unseen, double[] shares)
    {
        // Those that get something: drop whoever is above the level of the rest, until nobody is.
        var level = double.PositiveInfinity;
        int[] below = [.. Enumerable.Range(0, known.Length).Where(i => weights[i] > 0)];
        for (var before = below.Length + 1; below.Length < before;)
        {
            level = (unseen + below.Sum(i => known[i] - LeastRequestsPicker.LeftOut)) / below.Sum(i => weights[i]);
            before = below.Length;
            below = [.. below.Where(i => known[i] - LeastRequestsPicker.LeftOut < level * weights[i])];
        }

        for (var i = 0; i < shares.Length; i++)
            shares[i] = Math.Max(0, (level * weights[i]) - known[i] + LeastRequestsPicker.LeftOut);
    }
}
