using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Balancing;

/// <summary>
/// Consistent hashing with bounded loads (V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA 2018): a key goes to its
/// backend of the <see cref="MaglevTable"/> unless that is full, and then to the next one in the key's own fixed order. Full is a backend with
/// 1.25 times its share by weight of all requests in flight in the cluster, the one to place included, rounded up. With exact loads and one request
/// placed after the other no backend is ever above that; with a snapshot's loads, by no more than what is unseen.
/// </summary>
public static class BoundedLoadPicker
{
    /// <summary>How far above its share a backend may be loaded.</summary>
    public const double Balance = 1.25;

    /// <summary>Picks one of some backends.</summary>
    /// <param name="table">The pool's table.</param>
    /// <param name="key">What the request goes by.</param>
    /// <param name="places">Per backend of the pool its place in the request's list of candidates; negative, or missing at the end, when it is not eligible.</param>
    /// <param name="loads">Per candidate what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="weights">Per candidate its weight, taken as by <see cref="PickWeight"/>; as many as loads. One of weight 0 is always full.</param>
    /// <returns>Place of the backend; -1 when none is eligible.</returns>
    public static int Pick(MaglevTable table, HashKey key, ReadOnlySpan<int> places, ReadOnlySpan<double> loads, ReadOnlySpan<double> weights)
    {
        if (loads.Length <= 1)
            return table.Pick(key, places);
        var place = table.Pick(key, places, BelowCap.Of(loads, weights));
        // None below its cap: only loads that are no numbers, or candidates that the pool's table does not know, come to that.
        return place >= 0 ? place : table.Pick(key, places);
    }
}
