using System.Numerics;
using System.Runtime.InteropServices;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Balancing;

/// <summary>Puts the turns of a round into a smooth order.</summary>
internal static class SmoothRound
{
    // Steps that take some milliseconds.
    private const long MostSteps = 1 << 22;

    /// <param name="shares">Turns per backend in a round, 0 or more.</param>
    /// <returns>The round: indexes of the backends in the order of their turns.</returns>
    internal static int[] Of(int[] shares)
    {
        var order = new int[shares.Sum()];
        if ((long)order.Length * shares.Length <= MostSteps)
            OrderByCredit(order, shares);
        else
            OrderByTime(order, shares);
        return order;
    }

    /// <summary>
    /// nginx's smooth weighted round robin: at every turn each backend's credit grows by its weight, the one with the most credit is picked and
    /// pays the sum of all weights. After a round all credits are 0 again.
    /// </summary>
    private static void OrderByCredit(int[] order, int[] shares)
    {
        var credits = new int[shares.Length];
        for (var turn = 0; turn < order.Length; turn++)
        {
            var picked = Array.IndexOf(credits, GrowAndFindMost(credits, shares));
            credits[picked] -= order.Length;
            order[turn] = picked;
        }
    }

    /// <summary>Where credits take too long: the turns of each at even distances, the first after half of one, as an earliest-deadline-first scheduler has them.</summary>
    private static void OrderByTime(int[] order, int[] shares)
    {
        var sharing = Enumerable.Range(0, shares.Length).Where(i => shares[i] > 0).ToArray();
        var turns = new WeightedTurns([.. sharing.Select(i => shares[i])], beginInTheMiddle: true);
        for (var turn = 0; turn < order.Length; turn++)
            order[turn] = sharing[turns.Next()];
    }

    // Nearly all of the time of a build: worth the processor's wide registers.
    private static int GrowAndFindMost(Span<int> credits, ReadOnlySpan<int> shares)
    {
        var most = int.MinValue;
        var wide = MemoryMarshal.Cast<int, Vector<int>>(credits);
        var wideShares = MemoryMarshal.Cast<int, Vector<int>>(shares);
        var wideMost = new Vector<int>(int.MinValue);
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] += wideShares[i];
            wideMost = Vector.Max(wideMost, wide[i]);
        }

        for (var i = 0; i < Vector<int>.Count; i++)
            most = Math.Max(most, wideMost[i]);
        for (var i = wide.Length * Vector<int>.Count; i < credits.Length; i++)
            most = Math.Max(most, credits[i] += shares[i]);
        return most;
    }
}
