using OrleansLb.Core.Hashing;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Core.Snapshots;

/// <summary>How a pool's sessions are learned and kept.</summary>
public sealed record SessionDefinition
{
    /// <summary>What tells sessions apart: one of <see cref="SessionSourceNames"/>, spelt as there.</summary>
    /// <value>Default <see cref="SessionSourceNames.Cookie"/>.</value>
    public string Source { get; init; } = SessionSourceNames.Cookie;

    /// <summary>Name of the cookie, header or query parameter, type of the claim; empty for an address.</summary>
    public string Name { get; init; } = "";

    /// <summary>Bits of an IPv6 address that count.</summary>
    /// <value>Default 64; 1 to 128.</value>
    public int IPv6PrefixLength { get; init; } = HashKey.DefaultIPv6PrefixLength;

    /// <summary>How long a session that nobody uses is kept.</summary>
    /// <value>Default 30 min; 1 min to 7 days.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a request or a response waits for a binding, as when a silo died, before it goes on without.</summary>
    /// <value>Default 5 s; 100 ms to 1 min.</value>
    public TimeSpan BindTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most sessions of the pool; about 150 bytes each at one silo and at each front-end that they come through.</summary>
    /// <value>Default 100,000; 64 to 10,000,000.</value>
    public int MaxSessions { get; init; } = 100_000;

    /// <summary>Most sessions of one hash range.</summary>
    public int RangeCapacity => (MaxSessions + SessionKey.RangeCount - 1) / SessionKey.RangeCount;
}
