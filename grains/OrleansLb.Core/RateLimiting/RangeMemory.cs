using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>What a front-end remembers of the keys of one range, so that a new activation can go on from it.</summary>
internal abstract class RangeMemory
{
    /// <summary>Keys in it.</summary>
    public abstract int Count { get; }

    /// <summary>Whether a refusal says something worth remembering, as the state that comes with it does.</summary>
    public abstract bool HoldsRefusals { get; }

    /// <summary>An empty one for an algorithm.</summary>
    public static RangeMemory Of(LimitRule rule) =>
        rule.Algorithm == RateLimitAlgorithm.SlidingWindowLog ? new AdmissionMemory() : new WitnessMemory();

    /// <summary>Whether it has something of a key.</summary>
    public abstract bool Contains(RateLimitKey key);

    /// <summary>Takes in what was decided.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="entry">What was asked.</param>
    /// <param name="decision">The answer.</param>
    /// <param name="now">When it was received.</param>
    public abstract void Decided(LimitRule rule, AcquireEntry entry, in AcquireDecision decision, TimeSpan now);

    /// <summary>Takes in the answer to a renewal.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="renewal">What was reported and wanted.</param>
    /// <param name="grant">The answer.</param>
    /// <param name="call">The call that it came with.</param>
    public abstract void Granted(LimitRule rule, in LeaseRenewal renewal, in LeaseGrant grant, in RangeCall call);

    /// <summary>Forgets what was received at a time or before.</summary>
    public abstract void ForgetUntil(TimeSpan time);

    /// <summary>Forgets everything.</summary>
    public abstract void Clear();

    /// <summary>All of it, for a new activation.</summary>
    public abstract IEnumerable<RestoreRow> Rows(TimeSpan now);
}
