using System.IO.Hashing;
using System.Runtime.InteropServices;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Tests.Hashing;

public sealed class MaglevTableTests
{
    [Theory]
    [InlineData(1, 65_537)]
    [InlineData(655, 65_537)]
    [InlineData(656, 100_003)]
    [InlineData(1000, 100_003)]
    [InlineData(1001, 200_003)]
    [InlineData(2001, 500_009)]
    [InlineData(5000, 500_009)]
    [InlineData(5001, 1_000_003)]
    public void Size_OfAPool_IsAPrimeOfAtLeastAHundredEntriesABackend(int backends, int size)
    {
        var table = MaglevTable.Build(HashedPicks.EqualPool(backends));
        Assert.Equal(size, table.Size);
        Assert.True(Primes.IsPrime(size) && size >= backends * MaglevTable.EntriesPerBackend);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Entries_OfEachBackend_AreItsShareOfTheTable(ulong seed)
    {
        var random = new PickRandom(seed);
        var weights = Enumerable.Range(0, 2 + random.Next(60)).Select(_ => 1 + random.Next(1000)).ToArray();
        var table = MaglevTable.Build(HashedPicks.Pool(weights));
        var entries = HashedPicks.Count(table.Entries.ToArray(), weights.Length);
        for (var i = 0; i < weights.Length; i++)
            Assert.InRange(entries[i] - ((double)table.Size * weights[i] / weights.Sum()), -2, 2);
    }

    // How much more than the removed backend's own keys may move when the table is built anew.
    [Theory]
    [InlineData(5, 1.5)]
    [InlineData(10, 1.5)]
    [InlineData(20, 1.5)]
    [InlineData(50, 1.5)]
    [InlineData(200, 3)]
    [InlineData(1000, 10)]
    public void Rebuild_WithoutABackend_MovesFewOtherKeys(int backends, double most)
    {
        var pool = HashedPicks.EqualPool(backends);
        var before = MaglevTable.Build(pool);
        for (var removed = 0; removed < backends; removed += backends <= 50 ? 1 : (backends / 5) + 1)
        {
            var (own, moved) = Moved(pool, before, removed);
            Assert.InRange((double)moved / own, 1, most);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Rebuild_OfUnequalBackends_MovesFewOtherKeys(ulong seed)
    {
        var random = new PickRandom(seed);
        var pool = HashedPicks.Pool([.. Enumerable.Range(0, 30).Select(_ => 1 + random.Next(10))]);
        var before = MaglevTable.Build(pool);
        for (var removed = 0; removed < pool.Length; removed++)
        {
            var (own, moved) = Moved(pool, before, removed);
            Assert.InRange((double)moved / own, 1, 1.5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Build_OfEquals_FillsAsThePaperSays(int backends)
    {
        var pool = HashedPicks.EqualPool(backends);
        var table = MaglevTable.Build(pool);

        var order = Enumerable.Range(0, backends).OrderBy(i => pool[i].Key.Value).ToArray();
        var next = new int[backends];
        var expected = Enumerable.Repeat(-1, table.Size).ToArray();
        for (var filled = 0; filled < expected.Length; filled++)
        {
            var backend = order[filled % backends];
            var (offset, skip) = (HashBits.Within(HashBits.Of(pool[backend].Key, 0), table.Size), 1 + HashBits.Within(HashBits.Of(pool[backend].Key, 1), table.Size - 1));
            int Permutation(int j) => (int)((offset + ((long)j * skip)) % table.Size);
            while (expected[Permutation(next[backend])] >= 0)
                next[backend]++;
            expected[Permutation(next[backend])] = backend;
        }

        Assert.Equal(expected, table.Entries.ToArray());
    }

    // Recorded once: another value means that front-ends of two releases would send one client to two backends.
    [Fact]
    public void Build_OfRecordedPools_IsTheSameBitForBit() =>
        Assert.Equal<ulong[]>([5170539644105202466, 15031447016109261458, 18210399986567447043], [Digest(HashedPicks.EqualPool(7)), Digest(HashedPicks.Pool(1, 5, 1000, 17, 0)), Digest(HashedPicks.EqualPool(1000))]);

    private static (int Own, int Moved) Moved(WeightedBackend[] pool, MaglevTable before, int removed)
    {
        var after = MaglevTable.Build([.. pool[..removed], .. pool[(removed + 1)..]]);
        Assert.Equal(before.Size, after.Size);
        var (own, moved) = (0, 0);
        for (var i = 0; i < before.Size; i++)
        {
            var (was, now) = (before.Entries[i], after.Entries[i]);
            own += was == removed ? 1 : 0;
            moved += was == removed || was != (now < removed ? now : now + 1) ? 1 : 0;
        }

        return (own, moved);
    }

    private static ulong Digest(WeightedBackend[] pool) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(MaglevTable.Build(pool).Entries));
}
