using CsCheck;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Affinity;

internal static class AffinitySamples
{
    internal const long Now = 1_800_000_000;

    internal static readonly KeyRing Ring = new([Key("next", 1), Key("now", 2), Key("old", 3)], "now");

    internal static readonly PoolDefinition Pool = PoolOf("shop", ("a", 1, 1), ("b", 1, 2), ("c", 3, 1));

    internal static readonly AffinityCookie Cookie = new("shop", "b", 2, 4, Now - 100, Now - 10, new UInt128(0x0011223344556677, 0x8899AABBCCDDEEFF));

    internal static readonly Gen<UInt128> GenSession = Gen.Select(Gen.ULong, Gen.ULong, static (high, low) => new UInt128(high, low));

    internal static AffinityScope Scope => new("shop.example", "/");

    internal static byte[] Nonce(byte fill = 7) => [.. Enumerable.Repeat(fill, AffinityCookieCodec.NonceLength)];

    internal static AffinityKey Key(string id, byte fill) => new(id, [.. Enumerable.Repeat(fill, 32)]);

    internal static PoolDefinition PoolOf(string id, params (string Id, int Weight, int Generation)[] backends) => new()
    {
        Id = id,
        Backends = [.. backends.OrderBy(static b => b.Id, StringComparer.Ordinal).Select(b => Backend(id, b.Id, b.Weight, b.Generation))],
    };

    private static BackendDefinition Backend(string pool, string id, int weight, int generation)
    {
        var address = new Uri($"http://{id}.invalid/");
        return new BackendDefinition(id, address, address, null, weight, generation, BackendKey.Of(pool, id, generation));
    }
}
