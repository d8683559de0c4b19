using System.Security.Cryptography;
using OrleansLb.Core.Affinity;

namespace OrleansLb.Grains.Routing;

/// <summary>Makes the cluster's first key ring.</summary>
internal static class NewKeyRing
{
    public static KeyRing Create()
    {
        Span<byte> random = stackalloc byte[2 * KeyRingMachine.RandomBytesPerKey];
        RandomNumberGenerator.Fill(random);
        var ring = KeyRingMachine.Create(random);
        CryptographicOperations.ZeroMemory(random);
        return ring;
    }
}
