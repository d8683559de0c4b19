using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace OrleansLb.Core;

/// <summary>
/// Identity of one generation of one backend, as it travels in load rows: eight bytes instead of two strings.
/// Every process derives the same key from the same names, so no process has to hand out numbers.
/// </summary>
/// <param name="Value">XxHash3 of pool id, backend id and generation.</param>
public readonly record struct BackendKey(ulong Value)
{
    /// <summary>Derives the key of a backend.</summary>
    /// <param name="poolId">Pool (YARP cluster) id.</param>
    /// <param name="backendId">Backend (YARP destination) id, unique in its pool.</param>
    /// <param name="generation">Raised whenever the address behind the id changes or the id returns after a removal.</param>
    public static BackendKey Of(string poolId, string backendId, int generation)
    {
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes(poolId.AsSpan()));
        hash.Append("\0\0"u8);
        hash.Append(MemoryMarshal.AsBytes(backendId.AsSpan()));
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in generation)));
        return new BackendKey(hash.GetCurrentHashAsUInt64());
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
