using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLb.Core.Balancing;

/// <summary>Finds the least of many loads per weight. Blocks of backends fill the processor's wide registers; what is left at the end is looked at one by one.</summary>
/// <remarks>Each pass over the loads is compiled on its own, with the sight inlined: left to the profile of the moment, a pick takes up to three times as long.</remarks>
internal static class LeastLoad
{
    // Loads whose ratio is nearer to 1 are equal: the same sum comes out a little different in another order.
    private const double Rounding = 1e-9;

    /// <summary>Picks one of those that are equally the least, each with its share of the unseen requests; evenly where nobody has any.</summary>
    /// <param name="sight">The loads.</param>
    /// <param name="weights">Per backend its weight; as many as loads, one at least.</param>
    /// <param name="random">Breaks ties.</param>
    /// <returns>Index of the backend.</returns>
    internal static int Pick<TSight>(scoped in TSight sight, ReadOnlySpan<double> weights, ref PickRandom random)
        where TSight : struct, ILoadSight, allows ref struct
    {
        var least = Least(sight, weights);
        var bound = least + (Math.Abs(least) * Rounding);
        var (ties, shares) = Ties(sight, weights, bound);
        // Nobody else sends anything to a backend that is above the level; there all shares are alike.
        var alike = ties <= 1 || shares <= 0;
        var before = ties <= 1 ? 0 : random.NextDouble() * (alike ? ties : shares);
        return Find(sight, weights, bound, before, alike);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Least<TSight>(scoped in TSight sight, ReadOnlySpan<double> weights)
        where TSight : struct, ILoadSight, allows ref struct
    {
        var wideWeights = MemoryMarshal.Cast<double, Vector<double>>(weights);
        var wideLeast = new Vector<double>(double.PositiveInfinity);
        for (var i = 0; i < wideWeights.Length; i++)
            wideLeast = Vector.MinNative(wideLeast, sight.Loads(i) / wideWeights[i]);

        var least = double.PositiveInfinity;
        for (var i = 0; i < Vector<double>.Count; i++)
            least = wideLeast[i] < least ? wideLeast[i] : least;
        for (var i = wideWeights.Length * Vector<double>.Count; i < weights.Length; i++)
            least = sight.Load(i) / weights[i] is var ratio && ratio < least ? ratio : least;
        return least;
    }

    /// <summary>How many are within a bound, and their shares together. Products are compared, which takes less than dividing again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (long Ties, double Shares) Ties<TSight>(scoped in TSight sight, ReadOnlySpan<double> weights, double bound)
        where TSight : struct, ILoadSight, allows ref struct
    {
        var wideWeights = MemoryMarshal.Cast<double, Vector<double>>(weights);
        var (wideTies, wideShares, wideBound) = (Vector<long>.Zero, Vector<double>.Zero, new Vector<double>(bound));
        for (var i = 0; i < wideWeights.Length; i++)
        {
            var within = Vector.LessThanOrEqual(sight.Loads(i), wideBound * wideWeights[i]);
            wideTies -= within;
            wideShares += Vector.ConditionalSelect(within, sight.Shares(i), Vector<double>.Zero);
        }

        var (ties, shares) = (Vector.Sum(wideTies), Vector.Sum(wideShares));
        for (var i = wideWeights.Length * Vector<double>.Count; i < weights.Length; i++)
        {
            if (sight.Load(i) <= bound * weights[i])
                (ties, shares) = (ties + 1, shares + sight.Share(i));
        }

        return (ties, shares);
    }

    /// <summary>The one within a bound that has so much of them before it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Find<TSight>(scoped in TSight sight, ReadOnlySpan<double> weights, double bound, double before, bool alike)
        where TSight : struct, ILoadSight, allows ref struct
    {
        var wideWeights = MemoryMarshal.Cast<double, Vector<double>>(weights);
        var last = -1;
        for (var i = 0; i < wideWeights.Length; i++)
        {
            var within = Vector.LessThanOrEqual(sight.Loads(i), new Vector<double>(bound) * wideWeights[i]);
            if (within == Vector<long>.Zero)
                continue;
            last = i * Vector<double>.Count;
            var amount = Vector.Sum(Vector.ConditionalSelect(within, alike ? Vector<double>.One : sight.Shares(i), Vector<double>.Zero));
            if (before < amount)
                return FindIn(sight, weights, last, last + Vector<double>.Count, bound, before, alike);
            before -= amount;
        }

        var found = FindIn(sight, weights, wideWeights.Length * Vector<double>.Count, weights.Length, bound, before, alike);
        if (found >= 0)
            return found;
        // Rounding has left something over at the end: the last one's. None at all is within a bound that is no number.
        return last < 0 ? 0 : FindIn(sight, weights, last, last + Vector<double>.Count, bound, double.PositiveInfinity, alike);
    }

    /// <returns>The one, or the last one when all have less; -1 when none of these is within the bound.</returns>
    private static int FindIn<TSight>(scoped in TSight sight, ReadOnlySpan<double> weights, int from, int until, double bound, double before, bool alike)
        where TSight : struct, ILoadSight, allows ref struct
    {
        var last = -1;
        for (var i = from; i < until && before >= 0; i++)
        {
            if (!(sight.Load(i) <= bound * weights[i]))
                continue;
            last = i;
            before -= alike ? 1 : sight.Share(i);
        }

        return last;
    }
}
