using System.Collections.Immutable;

namespace OrleansLb.Core.Hashing;

/// <summary>
/// Consistent hashing on a ring (D. Karger et al., STOC 1997), with points by weight as libketama and nginx place them: a key belongs to the first point at
/// or after it, clockwise. It is built from all configured backends, whatever their health, so that every front-end with the same configuration has the same
/// ring bit for bit. A backend that is not eligible is walked past to the next point, so a flap moves only its own keys
/// and returns every one. Immutable; read by any number of threads.
/// </summary>
public sealed class HashRing
{
    /// <summary>Points of a backend per unit of weight, unless that would be more than <see cref="MostPoints"/> in all. A share is then off by about 8 % / sqrt(weight).</summary>
    public const int PointsPerWeight = 160;

    /// <summary>
    /// The most points of a ring, about: 8 MB. Where weights ask for more, every backend gets half as many, or a quarter and so on, at least one.
    /// Up to a total weight of 6,553 a backend that comes or goes moves no key between two others; beyond, crossing such a step does.
    /// </summary>
    public const int MostPoints = 1 << 20;

    // A walk longer than this means that hardly anybody is eligible; a contest of the few is then cheaper than the walk.
    private const int LongestWalk = 64;

    private readonly ulong[] _points;
    private readonly int[] _owners;
    private readonly int[] _starts;
    private readonly int _startShift;
    private readonly ulong _ownerMask;
    private readonly ImmutableArray<WeightedBackend> _backends;

    private HashRing(int[] owners, ImmutableArray<WeightedBackend> backends)
    {
        (_owners, _backends) = (owners, backends);
        var placing = new HashRingPoints([.. owners.Select(owner => backends[owner])]);
        _ownerMask = placing.OwnerMask;
        (_points, _starts, _startShift) = placing.Place();
    }

    /// <summary>Number of points; 0 for a pool without backends.</summary>
    public int Size => _points.Length;

    /// <summary>
    /// Builds a ring. Not for the request path: it takes about a tenth of a microsecond and 12 bytes a point, so 0.1 s and 13 MB for the largest one.
    /// </summary>
    /// <param name="backends">
    /// All backends of the pool, in its order; the ring depends on their keys and weights and not on the order. One of weight 0 or less has no points
    /// and gets keys only when no other is eligible; if that holds for all, they have equal shares. Of the same key twice, one has nearly all.
    /// </param>
    public static HashRing Build(ReadOnlySpan<WeightedBackend> backends) => new(HashOwners.Of(backends), [.. backends]);

    /// <summary>The backend of a key.</summary>
    /// <param name="key">What the request goes by.</param>
    /// <param name="places">Per backend of the pool its place in the request's list of candidates; negative, or missing at the end, when it is not eligible.</param>
    /// <returns>Place of the backend; -1 when none is eligible.</returns>
    public int Pick(HashKey key, ReadOnlySpan<int> places)
    {
        var points = _points;
        if (points.Length == 0)
            return -1;
        var at = _starts[(int)(key.Value >> _startShift)];
        while (at < points.Length && points[at] < key.Value)
            at++;
        for (var i = Math.Min(LongestWalk, points.Length); i > 0; i--, at++)
        {
            if (at >= points.Length)
                at = 0;
            var backend = _owners[(int)(points[at] & _ownerMask)];
            if ((uint)backend < (uint)places.Length && places[backend] is var place and >= 0)
                return place;
        }

        return WeightedRendezvous.Pick(key, _backends.AsSpan(), places);
    }
}
