using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.RateLimits;

/// <summary>Reads how much a policy, or some of its keys, may have.</summary>
internal sealed class RateLimitNumbers(Problems problems)
{
    /// <summary>A proxy that keeps a request for longer than clients wait holds connections for nobody.</summary>
    private static readonly TimeSpan LongestQueue = TimeSpan.FromMinutes(1);

    /// <summary>What was admitted longer ago counts in no limit: who left the cluster is remembered for a day more than this.</summary>
    private static readonly TimeSpan LongestMemory = TimeSpan.FromDays(2);

    private static readonly string[] TokenBucketKeys =
    [
        nameof(RateLimitPolicyDefinition.TokenLimit),
        nameof(RateLimitPolicyDefinition.TokensPerPeriod),
        nameof(RateLimitPolicyDefinition.ReplenishmentPeriod),
    ];

    private static readonly string[] WindowKeys =
    [
        nameof(RateLimitPolicyDefinition.PermitLimit),
        nameof(RateLimitPolicyDefinition.Window),
    ];

    private static readonly string[] LeakyBucketKeys = [.. WindowKeys, nameof(RateLimitPolicyDefinition.QueueLimit)];

    private static readonly string[] ConcurrencyKeys =
    [
        nameof(RateLimitPolicyDefinition.PermitLimit),
        nameof(RateLimitPolicyDefinition.QueueLimit),
        nameof(RateLimitPolicyDefinition.QueueTimeout),
    ];

    /// <summary>Reports numbers that an algorithm cannot do without.</summary>
    public void RequireAll(RateLimitAlgorithm algorithm, SettingsNode section)
    {
        var needed = algorithm switch
        {
            RateLimitAlgorithm.TokenBucket => TokenBucketKeys,
            RateLimitAlgorithm.Concurrency => [nameof(RateLimitPolicyDefinition.PermitLimit)],
            _ => WindowKeys,
        };
        foreach (var key in needed)
            Require(section, key, algorithm.ToString());
    }

    /// <summary>Reports a key that is missing. A value that was there but malformed has its own error already and is no longer in the tree.</summary>
    public void Require(SettingsNode section, string key, string owner)
    {
        if (section.Child(key) is null or { Value: null } && !section.WasRemoved(key))
            problems.Error($"{section.Path}:{key}", $"{owner} needs it");
    }

    /// <summary>A policy with the numbers of a section; those that it does not name stay.</summary>
    public RateLimitPolicyDefinition Read(RateLimitPolicyDefinition policy, SettingsNode section)
    {
        var known = KeysOf(policy.Algorithm);
        foreach (var key in TokenBucketKeys.Concat(LeakyBucketKeys).Union(ConcurrencyKeys).Except(known))
        {
            if (section.Child(key) is { } misplaced)
                problems.Error(misplaced.Path, $"does not apply to {policy.Algorithm}");
        }

        var read = policy with
        {
            TokenLimit = section.Whole(nameof(policy.TokenLimit)) ?? policy.TokenLimit,
            TokensPerPeriod = section.Whole(nameof(policy.TokensPerPeriod)) ?? policy.TokensPerPeriod,
            ReplenishmentPeriod = section.Time(nameof(policy.ReplenishmentPeriod)) ?? policy.ReplenishmentPeriod,
            PermitLimit = section.Whole(nameof(policy.PermitLimit)) ?? policy.PermitLimit,
            Window = section.Time(nameof(policy.Window)) ?? policy.Window,
            QueueLimit = section.Whole(nameof(policy.QueueLimit)) ?? policy.QueueLimit,
            QueueTimeout = section.Time(nameof(policy.QueueTimeout)) ?? policy.QueueTimeout,
        };
        CheckFilling(read, section);
        CheckQueue(read, section);
        return read;
    }

    private static string[] KeysOf(RateLimitAlgorithm algorithm) => algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => TokenBucketKeys,
        RateLimitAlgorithm.LeakyBucket => LeakyBucketKeys,
        RateLimitAlgorithm.Concurrency => ConcurrencyKeys,
        _ => WindowKeys,
    };

    private void CheckFilling(RateLimitPolicyDefinition policy, SettingsNode section)
    {
        if (policy is not { Algorithm: RateLimitAlgorithm.TokenBucket, TokensPerPeriod: > 0 } || policy.ReplenishmentPeriod <= TimeSpan.Zero)
            return;
        if ((Int128)policy.TokenLimit * policy.ReplenishmentPeriod.Ticks <= (Int128)policy.TokensPerPeriod * LongestMemory.Ticks)
            return;
        var days = policy.TokenLimit / policy.TokensPerSecond / TimeSpan.FromDays(1).TotalSeconds;
        problems.Error(
            $"{section.Path}:{nameof(policy.TokenLimit)}",
            FormattableString.Invariant($"an empty bucket would need {Math.Ceiling(days * 100) / 100:0.##} days to hold {policy.TokenLimit} again; at most {LongestMemory.TotalDays:0}"));
    }

    private void CheckQueue(RateLimitPolicyDefinition policy, SettingsNode section)
    {
        if (policy is not { Algorithm: RateLimitAlgorithm.LeakyBucket, PermitLimit: > 0 })
            return;
        var longest = policy.QueueLimit * policy.Window.TotalSeconds / policy.PermitLimit;
        if (longest > LongestQueue.TotalSeconds)
            problems.Error(
                $"{section.Path}:{nameof(policy.QueueLimit)}",
                FormattableString.Invariant($"the last of {policy.QueueLimit} would wait for {longest:0.#} s at {policy.PermitLimit} in {policy.Window}; at most {LongestQueue.TotalSeconds:0} s"));
    }
}
