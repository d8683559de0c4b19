namespace OrleansLb.Core.Snapshots;

/// <summary>One rate-limit policy as configured. Which members apply follows from <see cref="Algorithm"/>.</summary>
public sealed record RateLimitPolicyDefinition
{
    /// <summary>Name that routes refer to.</summary>
    public required string Name { get; init; }

    /// <summary>What is counted and when it is forgotten.</summary>
    public required RateLimitAlgorithm Algorithm { get; init; }

    /// <summary>Token bucket: the most tokens it can hold (its burst B).</summary>
    public int TokenLimit { get; init; }

    /// <summary>Token bucket: tokens added every <see cref="ReplenishmentPeriod"/>, spread evenly over it.</summary>
    public int TokensPerPeriod { get; init; }

    /// <summary>Token bucket: see <see cref="TokensPerPeriod"/>.</summary>
    public TimeSpan ReplenishmentPeriod { get; init; }

    /// <summary>Windows: permits a window.</summary>
    public int PermitLimit { get; init; }

    /// <summary>Windows: their length.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>What makes two requests share a limit.</summary>
    public RateLimitPartition Partition { get; init; } = RateLimitPartition.ClientIp;

    /// <summary>Header whose value is the key, for <see cref="RateLimitPartition.Header"/>.</summary>
    public string? PartitionHeader { get; init; }

    /// <summary>Whether each request asks the cluster or spends a lease.</summary>
    public RateLimitMode Mode { get; init; } = RateLimitMode.Auto;

    /// <summary>What a front-end does with this limit once the cluster cannot be reached.</summary>
    public WhenUnreachable WhenUnreachable { get; init; } = WhenUnreachable.Share;

    /// <summary>Tokens a second of a token bucket.</summary>
    public double TokensPerSecond => TokensPerPeriod / ReplenishmentPeriod.TotalSeconds;
}
