using System.Numerics;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Tests.Hashing;

public sealed class HashRingTests
{
    [Fact]
    public void Size_IsPointsByWeight() => Assert.Equal(HashRing.PointsPerWeight * (1 + 2 + 7), HashRing.Build(HashedPicks.Pool(1, 2, 7, 0)).Size);

    [Fact]
    public void Size_WeightsAskForTooManyPoints_IsHalvedUntilItFits()
    {
        var ring = HashRing.Build(HashedPicks.Pool([.. Enumerable.Repeat(1000, 100)]));
        Assert.InRange(ring.Size, HashRing.MostPoints / 2, HashRing.MostPoints);
    }

    [Fact]
    public void Pick_EveryStretchOfTheRing_GoesToTheFirstPointAtOrAfterTheKey()
    {
        var pool = HashedPicks.Pool(3, 1, 4, 1, 5);
        var ring = HashRing.Build(pool);
        var (points, _, shift) = new HashRingPoints([.. pool.OrderBy(static backend => backend.Key.Value)]).Place();
        var ranks = pool.OrderBy(static backend => backend.Key.Value).Select(backend => Array.IndexOf(pool, backend)).ToArray();

        Assert.Equal(points.Order(), points);
        Assert.Equal(64 - BitOperations.Log2((uint)points.Length), shift);
        foreach (var key in points.SelectMany(static point => (ulong[])[point - 1, point, point + 1]).Append(0UL).Append(ulong.MaxValue))
        {
            var at = Array.FindIndex(points, point => point >= key);
            Assert.Equal(ranks[(int)(points[at < 0 ? 0 : at] & 7)], ring.Pick(new HashKey(key), HashedPicks.AllPlaces(pool.Length)));
        }
    }

    [Fact]
    public void Pick_BackendIneligible_GoesToTheNextPointThatIsNotItsOwn()
    {
        var pool = HashedPicks.Pool(1, 1, 1);
        var ring = HashRing.Build(pool);
        var (points, _, _) = new HashRingPoints([.. pool.OrderBy(static backend => backend.Key.Value)]).Place();
        var ranks = pool.OrderBy(static backend => backend.Key.Value).Select(backend => Array.IndexOf(pool, backend)).ToArray();
        for (var i = 0; i < points.Length; i++)
        {
            var owner = ranks[(int)(points[i] & 3)];
            var next = Enumerable.Range(1, points.Length).Select(step => ranks[(int)(points[(i + step) % points.Length] & 3)]).First(other => other != owner);
            Assert.Equal(next, ring.Pick(new HashKey(points[i]), [.. Enumerable.Range(0, 3).Select(index => index == owner ? -1 : index)]));
        }
    }
}
