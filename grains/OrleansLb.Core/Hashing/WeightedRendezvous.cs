using System.Buffers.Binary;
using System.IO.Hashing;

namespace OrleansLb.Core.Hashing;

/// <summary>
/// Weighted rendezvous hashing, the logarithmic method of C. Schindelhauer and G. Schomaker, "Weighted Distributed Hash Tables" (SPAA 2005):
/// each choice gets the cost -ln(h) / w with h the hash of (item, choice) as a fraction, and the least cost wins.
/// A choice wins in proportion to its weight; removing one moves only the items it had, and they spread by the weights of the others;
/// raising a weight only moves items to that choice. Every process computes the same costs bit for bit (XxHash3 over
/// little-endian bytes, then IEEE operations that are exactly rounded), so front-ends agree without talking.
/// </summary>
public static class WeightedRendezvous
{
    /// <summary>The choice for an item.</summary>
    /// <param name="item">What a place is sought for.</param>
    /// <param name="nodes">The choices, in any order.</param>
    /// <returns>Index of the winner in <paramref name="nodes"/>; -1 if none has a positive weight.</returns>
    public static int Pick(UInt128 item, ReadOnlySpan<WeightedBackend> nodes)
    {
        var contest = new RendezvousContest(item);
        for (var i = 0; i < nodes.Length; i++)
            contest.Offer(i, nodes[i].Key, nodes[i].Weight);
        return contest.Winner;
    }

    /// <summary>The choice for a key among a pool's backends, of which some are eligible. The cost is proportional to the number of backends.</summary>
    /// <param name="key">What a place is sought for.</param>
    /// <param name="backends">The pool's backends.</param>
    /// <param name="places">Per backend its place in the request's list of candidates; negative, or missing at the end, when it is not eligible.</param>
    /// <returns>Place of the winner; -1 when no backend is eligible. When no eligible backend has a positive weight, all have the same.</returns>
    public static int Pick(HashKey key, ReadOnlySpan<WeightedBackend> backends, ReadOnlySpan<int> places) =>
        Pick(key.Value, backends, places, default(AnyPlace));

    /// <summary>What a choice costs an item; the least cost wins. Exponentially distributed with rate <paramref name="weight"/> over the items.</summary>
    /// <param name="item">What a place is sought for.</param>
    /// <param name="key">Identity of the choice.</param>
    /// <param name="weight">Share of the choice, 1 or more.</param>
    public static double Cost(UInt128 item, BackendKey key, int weight) => DeterministicLog.NegativeLogOfFraction(Draw(item, key)) / weight;

    internal static int Pick<TFilter>(UInt128 item, ReadOnlySpan<WeightedBackend> backends, ReadOnlySpan<int> places, TFilter filter)
        where TFilter : struct, IPlaceFilter, allows ref struct
    {
        var weighted = new RendezvousContest(item);
        var weightless = new RendezvousContest(item);
        var count = Math.Min(backends.Length, places.Length);
        for (var i = 0; i < count; i++)
        {
            var place = places[i];
            if (place < 0 || !filter.Admits(place))
                continue;
            if (backends[i].Weight > 0)
                weighted.Offer(place, backends[i].Key, backends[i].Weight);
            else if (weighted.Winner < 0)
                weightless.Offer(place, backends[i].Key, 1);
        }

        return weighted.Winner >= 0 ? weighted.Winner : weightless.Winner;
    }

    /// <summary>The hash of an item and a choice, from which the choice's cost to the item follows.</summary>
    internal static ulong Draw(UInt128 item, BackendKey key)
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, item);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], key.Value);
        return XxHash3.HashToUInt64(bytes);
    }
}
