using System.Security.Cryptography;
using OrleansLb.Core.Affinity;

namespace OrleansLb.Grains.Routing;

/// <summary>Makes rings of random keys, and wipes what they were made of.</summary>
internal static class NewKeyRing
{
    /// <summary>The cluster's first ring.</summary>
    public static KeyRing Create()
    {
        Span<byte> random = stackalloc byte[2 * KeyRingMachine.RandomBytesPerKey];
        RandomNumberGenerator.Fill(random);
        var ring = KeyRingMachine.Create(random);
        CryptographicOperations.ZeroMemory(random);
        return WithSessionSecret(ring);
    }

    /// <summary>The ring with what learned sessions need, if it is from a build that did not know it.</summary>
    public static KeyRing WithSessionSecret(KeyRing ring) => ring.SessionSecret.IsEmpty
        ? ring with { SessionSecret = [.. RandomNumberGenerator.GetBytes(KeyRingMachine.SessionSecretLength)] }
        : ring;

    /// <summary>The ring with a new key; the same instance while the last new key has not arrived everywhere.</summary>
    public static KeyRing Rotate(KeyRing ring)
    {
        Span<byte> random = stackalloc byte[KeyRingMachine.RandomBytesPerKey];
        RandomNumberGenerator.Fill(random);
        var rotated = KeyRingMachine.Rotate(ring, random);
        CryptographicOperations.ZeroMemory(random);
        return rotated;
    }
}
