using System.Numerics;

namespace OrleansLb.Core.Hashing;

/// <summary>Places the points of a <see cref="HashRing"/>. Integers only: every process places alike.</summary>
internal sealed class HashRingPoints
{
    private const int MostHalvings = 40;

    private readonly WeightedBackend[] _owners;
    private readonly int _halvings;

    /// <param name="owners">The backends that get points, in an order that does not depend on how they were handed in.</param>
    internal HashRingPoints(WeightedBackend[] owners)
    {
        _owners = owners;
        while (_halvings < MostHalvings && Total() > Math.Max(HashRing.MostPoints, owners.Length))
            _halvings++;
        OwnerMask = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, owners.Length)) - 1;
    }

    /// <summary>The lower end of a point, which holds whose it is. It makes the points of different backends distinct, so that sorting has one outcome.</summary>
    internal ulong OwnerMask { get; }

    /// <summary>The points in clockwise order; for each stretch of the ring the first point in or after it; and by how much a key is shifted to get its stretch.</summary>
    internal (ulong[] Points, int[] Starts, int Shift) Place()
    {
        var unsorted = Draw();
        // About as many stretches as points. Points are uniform, so putting each into its stretch all but sorts them.
        var bits = Math.Max(1, BitOperations.Log2((uint)Math.Max(1, unsorted.Length)));
        var shift = 64 - bits;
        var starts = StartsOf(unsorted, bits, shift);
        var free = starts.AsSpan().ToArray();
        var points = new ulong[unsorted.Length];
        foreach (var point in unsorted)
            points[free[(int)(point >> shift)]++] = point;
        SortNeighbours(points);
        return (points, starts, shift);
    }

    private ulong[] Draw()
    {
        var points = new ulong[Total()];
        var at = 0;
        for (var owner = 0; owner < _owners.Length; owner++)
        {
            for (var i = PointsOf(_owners[owner]); i > 0; i--)
                points[at++] = (HashBits.Of(_owners[owner].Key, (ulong)i) & ~OwnerMask) | (uint)owner;
        }

        return points;
    }

    private static int[] StartsOf(ulong[] points, int bits, int shift)
    {
        var starts = new int[1 << bits];
        foreach (var point in points)
            starts[(int)(point >> shift)]++;
        var before = 0;
        for (var i = 0; i < starts.Length; i++)
            (starts[i], before) = (before, before + starts[i]);
        return starts;
    }

    private static void SortNeighbours(ulong[] points)
    {
        for (var i = 1; i < points.Length; i++)
        {
            var point = points[i];
            var at = i;
            for (; at > 0 && points[at - 1] > point; at--)
                points[at] = points[at - 1];
            points[at] = point;
        }
    }

    private long Total()
    {
        var total = 0L;
        foreach (var owner in _owners)
            total += PointsOf(owner);
        return total;
    }

    private long PointsOf(WeightedBackend owner) => Math.Max(1, (long)Math.Max(1, owner.Weight) * HashRing.PointsPerWeight >> _halvings);
}
