using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Tests.Hashing;

/// <summary>What holds for every hashing policy.</summary>
public sealed class HashedPickLaws
{
    private const string Maglev = LoadBalancingPolicyNames.Maglev;
    private const string Ring = LoadBalancingPolicyNames.ConsistentHash;
    private const string Rendezvous = LoadBalancingPolicyNames.Rendezvous;

    // Maglev fills 65,537 entries for each sample.
    private const int Samples = 40;

    [Theory]
    [InlineData(Maglev)]
    [InlineData(Ring)]
    [InlineData(Rendezvous)]
    public void AFlapMovesOnlyItsOwnKeysAndReturnsEveryOne(string policy) =>
        Gen.Select(HashedPicks.GenPool, Gen.Int[0, 11], Gen.ULong).Sample(
            (pool, at, absent) =>
            {
                var down = at % pool.Length;
                var pick = HashedPicks.Build(policy, pool);
                var keys = HashedPicks.Keys(300);
                // Others may be away as well, before and after.
                bool IsEligible(int i) => i == down || (absent >> i & 1) == 0 || i == (down + 1) % pool.Length;
                var before = HashedPicks.Assign(pick, keys, HashedPicks.Places(pool.Length, IsEligible));
                var during = HashedPicks.Assign(pick, keys, HashedPicks.Places(pool.Length, i => i != down && IsEligible(i)));
                var after = HashedPicks.Assign(pick, keys, HashedPicks.Places(pool.Length, IsEligible));
                Assert.Equal(before, after);
                for (var i = 0; i < keys.Length; i++)
                    Assert.True(before[i] == down ? during[i] != down : during[i] == before[i]);
            },
            iter: Samples);

    [Theory]
    [InlineData(Maglev)]
    [InlineData(Ring)]
    [InlineData(Rendezvous)]
    public void FrontendsAgreeWhateverTheOrderInWhichTheyAreHandedTheBackends(string policy) =>
        Gen.Select(HashedPicks.GenPool.SelectMany(static pool => Gen.Shuffle(pool).Select(shuffled => (pool, shuffled))), Gen.ULong).Sample(
            (both, absent) =>
            {
                bool IsEligible(WeightedBackend backend) => (absent >> Array.IndexOf(both.pool, backend) & 1) == 0;
                var keys = HashedPicks.Keys(300);
                var one = HashedPicks.Assign(HashedPicks.Build(policy, both.pool), keys, HashedPicks.Places(both.pool.Length, i => IsEligible(both.pool[i])));
                var other = HashedPicks.Assign(HashedPicks.Build(policy, both.shuffled), keys, HashedPicks.Places(both.pool.Length, i => IsEligible(both.shuffled[i])));
                Assert.Equal(one.Select(i => i < 0 ? default : both.pool[i]), other.Select(i => i < 0 ? default : both.shuffled[i]));
            },
            iter: Samples);

    [Theory]
    [InlineData(Maglev)]
    [InlineData(Ring)]
    [InlineData(Rendezvous)]
    public void ThePickIsEligibleWheneverABackendIs(string policy) =>
        Gen.Select(Gen.Int[-1, 3].Array[0, 12], Gen.ULong, Gen.Int[0, 12]).Sample(
            (weights, eligible, known) =>
            {
                var pick = HashedPicks.Build(policy, HashedPicks.Pool(weights));
                // Places may be fewer than backends: the rest is not eligible.
                var places = HashedPicks.Places(Math.Min(known, weights.Length), i => (eligible >> i & 1) == 1);
                var candidates = places.Count(static place => place >= 0);
                foreach (var key in HashedPicks.Keys(50))
                    Assert.InRange(pick(key, places), candidates == 0 ? -1 : 0, candidates - 1);
            },
            iter: Samples);

    [Theory]
    [InlineData(Maglev)]
    [InlineData(Ring)]
    [InlineData(Rendezvous)]
    public void WhoeverHasNoWeightGetsKeysOnlyWhenNobodyElseIsThere(string policy)
    {
        int[] weights = [0, 3, -2, 1, 0];
        var pick = HashedPicks.Build(policy, HashedPicks.Pool(weights));
        var keys = HashedPicks.Keys(2000);

        Assert.All(HashedPicks.Assign(pick, keys, HashedPicks.AllPlaces(5)), i => Assert.True(weights[i] > 0));
        Assert.All(HashedPicks.Assign(pick, keys, HashedPicks.Places(5, static i => i != 1)), static i => Assert.Equal(3, i));
        ChiSquare.AssertFits(HashedPicks.Count(HashedPicks.Assign(pick, keys, HashedPicks.Places(5, static i => i is 0 or 2 or 4)), 5), [1, 0, 1, 0, 1]);
    }

    [Theory]
    [InlineData(Maglev, 1)]
    [InlineData(Maglev, 2)]
    [InlineData(Rendezvous, 3)]
    [InlineData(Rendezvous, 4)]
    public void SharesAreByWeightAlsoWhenMostOfThePoolIsAway(string policy, ulong seed)
    {
        var random = new PickRandom(seed);
        var weights = Enumerable.Range(0, 24).Select(_ => 1 + random.Next(50)).ToArray();
        var pick = HashedPicks.Build(policy, HashedPicks.Pool(weights));
        var keys = HashedPicks.Keys(40_000);

        foreach (var away in (int[])[0, 6, 12, 20])
        {
            var assigned = HashedPicks.Assign(pick, keys, HashedPicks.Places(weights.Length, i => i >= away));
            ChiSquare.AssertFits(HashedPicks.Count(assigned, weights.Length), [.. weights.Select((weight, i) => i >= away ? (double)weight : 0)]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SharesOfTheRingAreByWeightAsFarAsItsPointsAllow(ulong seed)
    {
        var random = new PickRandom(seed);
        var weights = Enumerable.Range(0, 20).Select(_ => 1 + random.Next(20)).ToArray();
        var keys = HashedPicks.Keys(100_000);
        var counts = HashedPicks.Count(HashedPicks.Assign(HashedPicks.Build(Ring, HashedPicks.Pool(weights)), keys, HashedPicks.AllPlaces(20)), 20);
        for (var i = 0; i < weights.Length; i++)
        {
            var expected = (double)keys.Length * weights[i] / weights.Sum();
            // An arc is exponentially distributed, so the sum of n arcs deviates by 1 / sqrt(n).
            var deviation = expected / Math.Sqrt(HashRing.PointsPerWeight * weights[i]);
            Assert.InRange(counts[i], expected - (4 * deviation) - (4 * Math.Sqrt(expected)), expected + (4 * deviation) + (4 * Math.Sqrt(expected)));
        }
    }

    [Theory]
    [InlineData(Ring)]
    [InlineData(Rendezvous)]
    public void ARemovedBackendLosesItsKeysAndNoOtherMoves(string policy) =>
        Gen.Select(HashedPicks.GenPool, Gen.Int[0, 11]).Sample(
            (pool, at) =>
            {
                var removed = pool[at % pool.Length];
                WeightedBackend[] rest = [.. pool.Where(backend => backend != removed)];
                var keys = HashedPicks.Keys(300);
                var before = HashedPicks.Assign(HashedPicks.Build(policy, pool), keys, HashedPicks.AllPlaces(pool.Length));
                var after = HashedPicks.Assign(HashedPicks.Build(policy, rest), keys, HashedPicks.AllPlaces(rest.Length));
                for (var i = 0; i < keys.Length; i++)
                    Assert.True(pool[before[i]] == removed || rest[after[i]] == pool[before[i]]);
            },
            iter: Samples);

    [Theory]
    [InlineData(Maglev)]
    [InlineData(Ring)]
    [InlineData(Rendezvous)]
    public void NoBackendGetsMoreThanEveryKeyAndNoneWithoutBackends(string policy)
    {
        Assert.Equal(-1, HashedPicks.Build(policy, [])(new HashKey(1), []));
        Assert.Equal(-1, HashedPicks.Build(policy, [])(new HashKey(1), [0, 1]));
        Assert.Equal(0, HashedPicks.Build(policy, HashedPicks.Pool(5))(new HashKey(ulong.MaxValue), [0]));
        Assert.Equal(-1, HashedPicks.Build(policy, HashedPicks.Pool(5))(new HashKey(0), [-1]));
    }

    [Theory]
    [InlineData(Maglev)]
    [InlineData(Ring)]
    [InlineData(Rendezvous)]
    public void WeirdPoolsAreServed(string policy)
    {
        var twins = HashedPicks.Pool(1, 1);
        WeightedBackend[][] pools =
        [
            [twins[0], twins[0], twins[1], twins[1] with { Weight = 7 }],
            HashedPicks.Pool(int.MaxValue, int.MaxValue, 1, int.MinValue),
            HashedPicks.Pool(0, 0, 0),
            [.. Enumerable.Repeat(new WeightedBackend(default, 1), 5)],
            HashedPicks.Pool([.. Enumerable.Range(0, 5000).Select(static i => 1 + (i % 1000))]),
        ];
        foreach (var pool in pools)
        {
            var pick = HashedPicks.Build(policy, pool);
            foreach (var key in (ulong[])[0, 1, 1UL << 63, ulong.MaxValue])
                Assert.InRange(pick(new HashKey(key), HashedPicks.AllPlaces(pool.Length)), 0, pool.Length - 1);
        }
    }

    // Recorded once: another value means that front-ends of two releases would send one client to two backends.
    [Theory]
    [InlineData(Maglev, "1432334411344241423312414340443341143024", "1101101111101111110111010110010111101011")]
    [InlineData(Ring, "3344431242313442333041103314423303423032", "0011011100111110111011100111001101011001")]
    [InlineData(Rendezvous, "3444431104413032443242433134030441223031", "0000101101111011011011000111010111010011")]
    public void RecordedKeysGoToTheRecordedBackends(string policy, string all, string firstTwo)
    {
        var pick = HashedPicks.Build(policy, HashedPicks.Pool(1, 2, 3, 4, 5));
        var keys = HashedPicks.Keys(40);
        Assert.Equal(all, string.Concat(HashedPicks.Assign(pick, keys, HashedPicks.AllPlaces(5))));
        Assert.Equal(firstTwo, string.Concat(HashedPicks.Assign(pick, keys, [0, 1, -1, -1, -1])));
    }
}
