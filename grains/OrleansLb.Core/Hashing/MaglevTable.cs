using System.Collections.Immutable;

namespace OrleansLb.Core.Hashing;

/// <summary>
/// The lookup table of Maglev (D. Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016), weighted: one memory
/// access finds the backend of a key. It is built from all configured backends, whatever their health, so that every front-end with the same
/// configuration has the same table bit for bit. A backend that is not eligible is walked past: each key has a fixed order of
/// all backends and takes the first eligible one. So a flap moves only the keys of the backend concerned, by weight to the others, and returns
/// every one. Immutable; read by any number of threads.
/// </summary>
public sealed class MaglevTable
{
    /// <summary>Entries of the table of up to 655 backends; a prime, the paper's.</summary>
    public const int SmallSize = 65_537;

    /// <summary>
    /// Entries that a backend has on average, at least. The table of a pool too large for the small one is the next prime from this times
    /// the number of backends, rounded up to 1,000, 2,000, 5,000, 10,000 and so on: a table of another size shares nothing with it, so the size must not
    /// follow every backend that comes or goes.
    /// </summary>
    public const int EntriesPerBackend = 100;

    // Each look at another entry misses with the share of the ineligible; with half of a pool away, one key in 256 is left to the contest.
    private const int Looks = 8;

    private readonly int[] _table;
    private readonly ImmutableArray<WeightedBackend> _backends;

    private MaglevTable(int[] table, ImmutableArray<WeightedBackend> backends) => (_table, _backends) = (table, backends);

    /// <summary>Number of entries; 0 for a pool without backends.</summary>
    public int Size => _table.Length;

    /// <summary>Per entry the index of its backend in the pool.</summary>
    public ReadOnlySpan<int> Entries => _table;

    /// <summary>
    /// Builds a table. Not for the request path: it takes about a millisecond for a small pool and 0.1 s for 5,000 backends, and 4 bytes
    /// an entry (2 MB for 5,000 backends).
    /// </summary>
    /// <param name="backends">
    /// All backends of the pool, in its order; the table depends on their keys and weights and not on the order. One of weight 0 or less has no entries
    /// and gets keys only when no other is eligible; if that holds for all, they have equal shares. Of the same key twice, each has its share.
    /// </param>
    public static MaglevTable Build(ReadOnlySpan<WeightedBackend> backends) => new(MaglevFilling.Fill(backends), [.. backends]);

    /// <summary>The backend of a key.</summary>
    /// <param name="key">What the request goes by.</param>
    /// <param name="places">Per backend of the pool its place in the request's list of candidates; negative, or missing at the end, when it is not eligible.</param>
    /// <returns>Place of the backend; -1 when none is eligible.</returns>
    public int Pick(HashKey key, ReadOnlySpan<int> places) => Pick(key, places, default(AnyPlace));

    internal int Pick<TFilter>(HashKey key, ReadOnlySpan<int> places, TFilter filter)
        where TFilter : struct, IPlaceFilter, allows ref struct
    {
        var table = _table;
        if (table.Length == 0)
            return -1;
        var look = key.Value;
        for (var i = 0; i < Looks; i++)
        {
            var backend = table[HashBits.Within(look, table.Length)];
            if ((uint)backend < (uint)places.Length && places[backend] is var place and >= 0 && filter.Admits(place))
                return place;
            look = HashBits.Next(look);
        }

        return WeightedRendezvous.Pick(key.Value, _backends.AsSpan(), places, filter);
    }
}
