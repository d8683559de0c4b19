using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>The decision about one request.</summary>
/// <param name="Verdict">Whether and why.</param>
/// <param name="RetryAfter">If refused: when to try again at the earliest; <see cref="TimeSpan.MaxValue"/> for never.</param>
public readonly record struct LimitOutcome(LimitVerdict Verdict, TimeSpan RetryAfter)
{
    /// <summary>How long the request waited for its turn in a leaky bucket after it was admitted.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How long it waited for requests in flight to end, before it was admitted.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>What was left of the limit then, as far as this front-end knows; <see langword="null"/> when it cannot know.</summary>
    public LimitQuota? Quota { get; init; }

    /// <summary>If it was admitted by a limit of requests in flight: what it holds until it ends.</summary>
    public LimitSlot Slot { get; init; }

    /// <summary>If it was admitted and held: what has to be kept or given back.</summary>
    internal LimitCharge Charge { get; init; }

    /// <summary>Whether the request goes on.</summary>
    public bool IsAdmitted => Verdict <= LimitVerdict.Exempt;
}
