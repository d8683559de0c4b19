namespace OrleansLb.Core.Balancing;

/// <summary>Turns weights into whole numbers of turns in a round.</summary>
internal static class RoundShares
{
    private const int TurnsPerBackend = 64;
    private const int FewestTurns = 1024;

    // In turns: what a division of two weights that are multiples of one unit may leave by rounding.
    private const double Rounding = 1e-6;

    /// <param name="weights">Usable weights, not all 0.</param>
    /// <returns>Turns per backend; 0 only where the weight is 0.</returns>
    internal static int[] Of(double[] weights) => weights.Length == 0 ? [] : Exact(weights) ?? Rounded(weights);

    /// <summary>The weights in their greatest common unit, if they have one and the round is not too long.</summary>
    private static int[]? Exact(double[] weights)
    {
        var longest = Math.Max(WeightedRoundRobinSchedule.LongestExact, weights.Length);
        var shortest = weights.Sum() / longest;
        var unit = 0.0;
        foreach (var weight in weights)
            unit = CommonUnit(unit, weight, shortest / 2);
        var shares = new int[weights.Length];
        var length = 0L;
        for (var i = 0; i < weights.Length; i++)
        {
            var share = weights[i] / unit;
            if (share > longest || Math.Abs(share - Math.Round(share)) > Rounding)
                return null;
            shares[i] = (int)Math.Round(share);
            length += shares[i];
        }

        return length <= longest ? shares : null;
    }

    // Euclid's algorithm; it may stop at a unit that is too short for a round, as the shares then say.
    private static double CommonUnit(double a, double b, double nothing)
    {
        while (b > nothing)
            (a, b) = (b, Math.Abs(a - (b * Math.Round(a / b))));
        return a;
    }

    // Each backend gets the turns between the rounded beginnings of its stretch and the next one: together exactly a round, each less than one turn off.
    private static int[] Rounded(double[] weights)
    {
        var turns = Math.Max(weights.Length, Math.Clamp(TurnsPerBackend * (long)weights.Length, FewestTurns, WeightedRoundRobinSchedule.LongestExact));
        var scale = turns / weights.Sum();
        var shares = new int[weights.Length];
        var (end, placed) = (0.0, 0L);
        for (var i = 0; i < weights.Length; i++)
        {
            end += weights[i] * scale;
            var until = Math.Max(placed, (long)Math.Round(end));
            shares[i] = weights[i] > 0 ? (int)Math.Max(1, until - placed) : 0;
            placed = until;
        }

        return shares;
    }
}
