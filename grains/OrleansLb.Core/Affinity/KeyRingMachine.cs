using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace OrleansLb.Core.Affinity;

/// <summary>
/// The life of the affinity keys. A ring holds next, current and previous key in this order. A key waits as next until it is distributed, seals as current, and
/// as previous still opens what it sealed. Sealing passes from one key to another only after every registered front-end has acknowledged
/// the ring, so that no front-end is shown a cookie that it cannot open.
/// </summary>
public static class KeyRingMachine
{
    /// <summary>Random bytes that one key is made of.</summary>
    public const int RandomBytesPerKey = SecretLength + sizeof(uint);

    /// <summary>Random bytes of <see cref="KeyRing.SessionSecret"/>.</summary>
    public const int SessionSecretLength = 32;

    private const int SecretLength = 32;
    private const int CurrentIndex = 1;
    private const int MaxKeys = 3;

    /// <summary>Makes a ring of a next and a current key, neither of which seals before <see cref="Acknowledge"/>.</summary>
    /// <param name="random">Twice <see cref="RandomBytesPerKey"/> random bytes.</param>
    public static KeyRing Create(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, 2 * RandomBytesPerKey);
        var current = MakeKey(random[RandomBytesPerKey..], []);
        var next = MakeKey(random[..RandomBytesPerKey], [current]);
        return new KeyRing([next, current], "");
    }

    /// <summary>Lets the current key seal, if every registered front-end has it.</summary>
    /// <param name="ring">The ring that was distributed.</param>
    /// <param name="knownToAll">Ids of the keys that every registered front-end has acknowledged; with no front-end registered, all of them.</param>
    /// <returns>The same instance if nothing changes.</returns>
    public static KeyRing Acknowledge(KeyRing ring, IReadOnlyCollection<string> knownToAll)
    {
        if (ring.Keys.Length <= CurrentIndex || MayRotate(ring) || !knownToAll.Contains(ring.Keys[CurrentIndex].Id, StringComparer.Ordinal))
            return ring;
        return ring with { SigningKeyId = ring.Keys[CurrentIndex].Id };
    }

    /// <summary>Whether the last rotation is acknowledged: the current key seals.</summary>
    /// <param name="ring">The ring.</param>
    public static bool MayRotate(KeyRing ring) =>
        ring.Keys.Length > CurrentIndex && ring.Keys[CurrentIndex].Id == ring.SigningKeyId;

    /// <summary>
    /// Moves next to current, current to previous, and drops the previous key. The former current key goes on sealing until
    /// <see cref="Acknowledge"/>; until then the ring does not rotate again, as that would drop the key that seals.
    /// </summary>
    /// <param name="ring">A ring whose current key seals.</param>
    /// <param name="random"><see cref="RandomBytesPerKey"/> random bytes for the new next key.</param>
    /// <returns>The same instance if the last rotation is not acknowledged yet.</returns>
    public static KeyRing Rotate(KeyRing ring, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomBytesPerKey);
        if (!MayRotate(ring))
            return ring;
        var kept = ring.Keys[..Math.Min(ring.Keys.Length, MaxKeys - 1)];
        return ring with { Keys = kept.Insert(0, MakeKey(random, ring.Keys)) };
    }

    private static AffinityKey MakeKey(ReadOnlySpan<byte> random, ImmutableArray<AffinityKey> others)
    {
        var number = BinaryPrimitives.ReadUInt32LittleEndian(random[SecretLength..]);
        while (others.Any(other => other.Id == Name(number)))
            number = unchecked(number + 1);
        return new AffinityKey(Name(number), [.. random[..SecretLength]]);
    }

    private static string Name(uint number) => number.ToString("x8", CultureInfo.InvariantCulture);
}
