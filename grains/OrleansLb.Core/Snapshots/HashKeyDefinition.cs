using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Snapshots;

/// <summary>What the hashed policies of a pool go by.</summary>
public sealed record HashKeyDefinition
{
    /// <summary>What the key is taken from: one of <see cref="HashKeySourceNames"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the header, cookie or query parameter; <see langword="null"/> for the other sources.</summary>
    public string? Name { get; init; }

    /// <summary>Bits of an IPv6 address that count.</summary>
    /// <value>Default 64; 1 to 128.</value>
    public int IPv6PrefixLength { get; init; } = HashKey.DefaultIPv6PrefixLength;

    /// <summary>The client's address.</summary>
    public static HashKeyDefinition ClientIp { get; } = new() { Source = HashKeySourceNames.ClientIp };
}
