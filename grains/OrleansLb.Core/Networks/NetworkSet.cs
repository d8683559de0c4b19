using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Core.Networks;

/// <summary>
/// Networks, and whether an address is in one of them: a search by halves over ranges that do not overlap, without an allocation. Two sets are equal
/// when they contain the same addresses. An IPv4 address that comes as IPv6 (v4-mapped) is the IPv4 address.
/// </summary>
public sealed class NetworkSet : IEquatable<NetworkSet>
{
    private const int AddressLength = 16;
    private const int AddressBits = 128;

    // ::ffff:0:0/96, where IPv4 lives in IPv6.
    private const int MappedPrefixLength = 96;

    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    private readonly (UInt128 First, UInt128 Last)[] _ranges;

    private NetworkSet((UInt128 First, UInt128 Last)[] ranges) => _ranges = ranges;

    /// <summary>No network.</summary>
    public static NetworkSet Empty { get; } = new([]);

    /// <summary>Whether there is no address in it.</summary>
    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The addresses of some networks.</summary>
    /// <param name="networks">The networks; they may overlap.</param>
    public static NetworkSet Of(IEnumerable<IPNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var ranges = new List<(UInt128 First, UInt128 Last)>();
        foreach (var (first, last) in networks.Select(RangeOf).OrderBy(static range => range.First))
        {
            // Ranges that only touch are one too, or sets of the same addresses would differ.
            if (ranges.Count > 0 && (first <= ranges[^1].Last || first == ranges[^1].Last + 1))
                ranges[^1] = (ranges[^1].First, UInt128.Max(last, ranges[^1].Last));
            else
                ranges.Add((first, last));
        }

        return new NetworkSet([.. ranges]);
    }

    /// <summary>Whether an address is in one of the networks.</summary>
    /// <param name="address">The address; <see langword="null"/>, where a connection has none, is in no network.</param>
    public bool Contains(IPAddress? address)
    {
        if (_ranges.Length == 0 || address is null)
            return false;
        var value = NumberOf(address);
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (value < _ranges[middle].First)
                high = middle - 1;
            else if (value > _ranges[middle].Last)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(NetworkSet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _ranges.Aggregate(0, static (hash, range) => HashCode.Combine(hash, range));

    private static (UInt128 First, UInt128 Last) RangeOf(IPNetwork network)
    {
        var isIPv4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        var length = network.PrefixLength + (isIPv4 ? MappedPrefixLength : 0);
        var first = NumberOf(network.BaseAddress);
        return (first, first | (length == AddressBits ? UInt128.Zero : UInt128.MaxValue >> length));
    }

    private static UInt128 NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[AddressLength];
        address.TryWriteBytes(bytes, out var length);
        return length == AddressLength ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : Mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }
}
