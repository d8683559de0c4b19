using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Tests.Hashing;

/// <summary>The hashing policies by name, and pools for them.</summary>
internal static class HashedPicks
{
    internal static readonly Gen<HashKey> GenKey = Gen.ULong.Select(static value => new HashKey(value));

    internal static readonly Gen<WeightedBackend[]> GenPool = Gen.Int[1, 20].Array[1, 12].Select(static weights => Pool(weights));

    internal static HashedPick Build(string policy, WeightedBackend[] pool)
    {
        switch (policy)
        {
            case LoadBalancingPolicyNames.Maglev:
                return MaglevTable.Build(pool).Pick;
            case LoadBalancingPolicyNames.ConsistentHash:
                return HashRing.Build(pool).Pick;
            default:
                Assert.Equal(LoadBalancingPolicyNames.Rendezvous, policy);
                return (key, places) => WeightedRendezvous.Pick(key, pool, places);
        }
    }

    internal static WeightedBackend[] Pool(params int[] weights) =>
        [.. weights.Select(static (weight, i) => new WeightedBackend(BackendKey.Of("pool", $"b{i}", 1), weight))];

    internal static WeightedBackend[] EqualPool(int count) => Pool([.. Enumerable.Repeat(1, count)]);

    /// <summary>Places in the order of the pool, those left out being ineligible.</summary>
    internal static int[] Places(int count, Func<int, bool> isEligible)
    {
        var next = 0;
        return [.. Enumerable.Range(0, count).Select(i => isEligible(i) ? next++ : -1)];
    }

    internal static int[] AllPlaces(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>Keys as good as those of any text.</summary>
    internal static HashKey[] Keys(int count) => [.. Enumerable.Range(0, count).Select(static i => HashKey.Of($"key-{i}"))];

    /// <summary>Index in the pool of each key's backend; -1 for none.</summary>
    internal static int[] Assign(HashedPick pick, HashKey[] keys, int[] places)
    {
        var indexes = new int[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] >= 0)
                indexes[places[i]] = i;
        }

        return [.. keys.Select(key => pick(key, places) is var place and >= 0 ? indexes[place] : -1)];
    }

    internal static int[] Count(int[] assigned, int count)
    {
        var counts = new int[count];
        foreach (var index in assigned)
            counts[index]++;
        return counts;
    }
}
