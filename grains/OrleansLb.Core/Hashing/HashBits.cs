using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace OrleansLb.Core.Hashing;

/// <summary>Integer steps of hashing that are the same on every process.</summary>
internal static class HashBits
{
    // The increment of SplitMix64: odd, and its multiples spread evenly over 2^64.
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    /// <summary>The hash of a backend's key and a number, such as that of a point on a ring.</summary>
    internal static ulong Of(BackendKey key, ulong number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, key.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], number);
        return XxHash3.HashToUInt64(bytes);
    }

    /// <summary>Spreads 64 uniform bits over 0 to <paramref name="bound"/> - 1 by their upper end, without a division.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Within(ulong hash, int bound) => (int)Math.BigMul(hash, (ulong)bound, out _);

    /// <summary>The next of a sequence of unrelated hashes (the finalizer of SplitMix64, G. Steele et al., OOPSLA 2014).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Next(ulong hash)
    {
        hash += GoldenRatio;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
