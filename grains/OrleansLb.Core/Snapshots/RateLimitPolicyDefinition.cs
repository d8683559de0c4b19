using OrleansLb.Core.Hashing;
using OrleansLb.Core.Networks;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Snapshots;

/// <summary>One rate-limit policy as configured. Which members apply follows from <see cref="Algorithm"/>.</summary>
public sealed record RateLimitPolicyDefinition
{
    /// <summary>What <see cref="MaxKeys"/> usually is: 200 MB if all of them are in use at one moment.</summary>
    public const int UsualMaxKeys = 2_097_152;

    /// <summary>The same of logs, each of which may take ten times as much.</summary>
    public const int UsualMaxLogs = 524_288;

    /// <summary>Name of what counts: what routes refer to, or one of an override, which holds a colon.</summary>
    public required string Name { get; init; }

    /// <summary>Name that routes refer to, and that clients and operators see.</summary>
    public string PublicName => OverrideOf ?? Name;

    /// <summary>What is counted and when it is forgotten.</summary>
    public required RateLimitAlgorithm Algorithm { get; init; }

    /// <summary>Token bucket: the most tokens it can hold (its burst B).</summary>
    public int TokenLimit { get; init; }

    /// <summary>Token bucket: tokens added every <see cref="ReplenishmentPeriod"/>, spread evenly over it.</summary>
    public int TokensPerPeriod { get; init; }

    /// <summary>Token bucket: see <see cref="TokensPerPeriod"/>.</summary>
    public TimeSpan ReplenishmentPeriod { get; init; }

    /// <summary>Windows: permits a window. Leaky bucket: requests that leave it in every <see cref="Window"/>, evenly spaced. Concurrency: requests in flight at once.</summary>
    public int PermitLimit { get; init; }

    /// <summary>Windows: their length. Leaky bucket: see <see cref="PermitLimit"/>.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Leaky bucket: requests that may wait for their turn; one more is refused. Concurrency: the same of one front-end, for one to end.</summary>
    public int QueueLimit { get; init; }

    /// <summary>Concurrency: how long a request may wait.</summary>
    /// <value>Default 10 s, as that of a pool; 1 ms to 1 h.</value>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What makes two requests share a limit.</summary>
    public RateLimitPartition Partition { get; init; } = RateLimitPartition.ClientIp;

    /// <summary>Header whose value is the key, for <see cref="RateLimitPartition.Header"/>.</summary>
    public string? PartitionHeader { get; init; }

    /// <summary>Cookie whose value is the key, for <see cref="RateLimitPartition.Cookie"/>.</summary>
    public string? PartitionCookie { get; init; }

    /// <summary>Query parameter whose value is the key, for <see cref="RateLimitPartition.Query"/>.</summary>
    public string? PartitionQuery { get; init; }

    /// <summary>Type of the claim whose value is the key, for <see cref="RateLimitPartition.JwtClaim"/>.</summary>
    public string? PartitionClaim { get; init; }

    /// <summary>Bits of an IPv6 address that count, for <see cref="RateLimitPartition.ClientIp"/> and <see cref="RateLimitPartition.JwtClaim"/>.</summary>
    /// <value>Default 64; 1 to 128.</value>
    public int IPv6PrefixLength { get; init; } = HashKey.DefaultIPv6PrefixLength;

    /// <summary>Clients that the limit does not concern.</summary>
    public NetworkSet Exempt { get; init; } = NetworkSet.Empty;

    /// <summary>Keys that have numbers of their own.</summary>
    public RateLimitOverrides Overrides { get; init; } = RateLimitOverrides.None;

    /// <summary>The policy some of whose keys this one counts; <see langword="null"/> for a policy that routes can name.</summary>
    public string? OverrideOf { get; init; }

    /// <summary>Whether the limit only counts what it would refuse.</summary>
    public bool DryRun { get; init; }

    /// <summary>Which answers carry the RateLimit fields.</summary>
    public RateLimitHeaders Headers { get; init; }

    /// <summary>Whether the same answers carry the older X-RateLimit headers as well.</summary>
    public bool LegacyHeaders { get; init; }

    /// <summary>Whether each request asks the cluster or spends a lease.</summary>
    public RateLimitMode Mode { get; init; } = RateLimitMode.Auto;

    /// <summary>What a front-end does with this limit once the cluster cannot be reached.</summary>
    public WhenUnreachable WhenUnreachable { get; init; } = WhenUnreachable.Share;

    /// <summary>Most keys that are counted apart; <see langword="null"/> for as many as is usual for the algorithm.</summary>
    public int? MaxKeys { get; init; }

    /// <summary>Most keys of one range: its part of <see cref="MaxKeys"/>.</summary>
    public int RangeCapacity => ((MaxKeys ?? (Algorithm == RateLimitAlgorithm.SlidingWindowLog ? UsualMaxLogs : UsualMaxKeys)) + RateLimitKey.RangeCount - 1) / RateLimitKey.RangeCount;

    /// <summary>Tokens a second of a token bucket.</summary>
    public double TokensPerSecond => TokensPerPeriod / ReplenishmentPeriod.TotalSeconds;
}
