namespace OrleansLb.Core.Balancing;

/// <summary>
/// Picks the better of two: two different backends are drawn by weight, and the one with less in flight per weight, over all front-ends, is taken
/// (M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001). The draw keeps many front-ends with one
/// snapshot from running to the same backend, and only two loads need be known.
/// </summary>
public static class PowerOfTwoChoicesPicker
{
    // With weights so uneven that the second draw hits the first backend this often, whom the rest goes to hardly matters.
    private const int MostRedraws = 32;

    /// <summary>Picks one of some backends.</summary>
    /// <param name="loads">Per backend what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="table">The backends' weights; as many as loads.</param>
    /// <param name="random">Draws.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public static int Pick(ReadOnlySpan<double> loads, AliasTable table, ref PickRandom random)
    {
        var (first, second) = Sample(table, ref random);
        if (first == second || first >= loads.Length || second >= loads.Length)
            return first;
        return Better(first, loads[first], second, loads[second], table);
    }

    /// <summary>Draws the two by weight, without putting the first back. For callers that work out only two loads.</summary>
    /// <param name="table">The backends' weights.</param>
    /// <param name="random">Draws.</param>
    /// <returns>Indexes of the two; the same twice when only one can be drawn; -1 twice when there is none.</returns>
    public static (int First, int Second) Sample(AliasTable table, ref PickRandom random)
    {
        var first = table.Pick(ref random);
        if (table.Drawable <= 1)
            return (first, first);
        var second = table.Pick(ref random);
        for (var i = 0; second == first && i < MostRedraws; i++)
            second = table.Pick(ref random);
        return (first, second == first ? AnyOther(first, table.Weights) : second);
    }

    /// <summary>The one of two drawn backends with less load per weight; the one drawn first when they are equal.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="firstLoad">What it would have in flight with the request to place.</param>
    /// <param name="second">Index of the second.</param>
    /// <param name="secondLoad">What it would have in flight with the request to place.</param>
    /// <param name="table">The backends' weights.</param>
    public static int Better(int first, double firstLoad, int second, double secondLoad, AliasTable table) =>
        secondLoad * table.Weights[first] < firstLoad * table.Weights[second] ? second : first;

    private static int AnyOther(int first, ReadOnlySpan<double> weights)
    {
        for (var i = 1; i < weights.Length; i++)
        {
            var other = (first + i) % weights.Length;
            if (weights[other] > 0)
                return other;
        }

        return first;
    }
}
