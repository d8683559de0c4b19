using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>The numbers of one rate-limit policy in the form that its machines calculate with.</summary>
public sealed record LimitRule
{
    /// <summary>Largest part of a token bucket that may be out in leases at any time.</summary>
    public const double LeasedPart = 0.5;

    /// <summary>
    /// By how much two clocks may disagree about the length of one interval. Ten times what an undisciplined crystal does,
    /// and what the envelope B + R x (1 + 2 r) is stated with.
    /// </summary>
    public const double ClockRateTolerance = 1e-3;

    /// <summary>What is counted and when it is forgotten.</summary>
    public required RateLimitAlgorithm Algorithm { get; init; }

    /// <summary>Whether requests ask the grain or spend leases.</summary>
    public required RateLimitMode Mode { get; init; }

    /// <summary>What a front-end does with this limit without the cluster.</summary>
    public required WhenUnreachable WhenUnreachable { get; init; }

    /// <summary>Token bucket: tokens it can hold.</summary>
    public double Burst { get; init; }

    /// <summary>Token bucket: tokens a second.</summary>
    public double Rate { get; init; }

    /// <summary>Windows: permits a window.</summary>
    public int PermitLimit { get; init; }

    /// <summary>Windows: their length.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>How long a lease can be spent after it was asked for.</summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a front-end that cannot reach the cluster may serve its share, and the cluster reserves it.</summary>
    public TimeSpan ShareFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Most tokens of one key that may be out in leases; 0 when the policy never leases.</summary>
    public int LeaseCap => Algorithm == RateLimitAlgorithm.TokenBucket && Mode != RateLimitMode.Exact ? (int)(LeasedPart * Burst) : 0;

    /// <summary>After this long without an admission a key is indistinguishable from one never seen.</summary>
    public TimeSpan Horizon => Algorithm == RateLimitAlgorithm.TokenBucket
        ? TimeSpan.FromSeconds(Burst / Rate * (1 + (2 * ClockRateTolerance))) + LeaseTtl
        : 2 * Window * (1 + (2 * ClockRateTolerance));

    /// <summary>Reads the numbers of a policy that was validated before.</summary>
    /// <param name="policy">The policy as configured.</param>
    /// <exception cref="ArgumentException">A number that the algorithm needs is not positive.</exception>
    public static LimitRule Of(RateLimitPolicyDefinition policy)
    {
        var bucket = policy.Algorithm == RateLimitAlgorithm.TokenBucket;
        var valid = bucket
            ? policy is { TokenLimit: > 0, TokensPerPeriod: > 0 } && policy.ReplenishmentPeriod > TimeSpan.Zero
            : policy.PermitLimit > 0 && policy.Window > TimeSpan.Zero;
        if (!valid)
            throw new ArgumentException($"Rate-limit policy '{policy.Name}': {policy.Algorithm} needs positive limits and times.", nameof(policy));

        return new LimitRule
        {
            Algorithm = policy.Algorithm,
            Mode = policy.Mode,
            WhenUnreachable = policy.WhenUnreachable,
            Burst = bucket ? policy.TokenLimit : 0,
            Rate = bucket ? policy.TokensPerSecond : 0,
            PermitLimit = bucket ? 0 : policy.PermitLimit,
            Window = bucket ? TimeSpan.Zero : policy.Window,
        };
    }

    /// <summary>The part of this rule that remains when shares of it are set aside, or the share itself.</summary>
    /// <param name="part">0 to 1.</param>
    public LimitRule Scaled(double part) => this with { Burst = Burst * part, Rate = Rate * part, PermitLimit = (int)(PermitLimit * part) };
}
