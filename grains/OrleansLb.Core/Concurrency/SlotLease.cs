using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Concurrency;

/// <summary>How long a lease of slots lasts, at both of its ends.</summary>
/// <remarks>
/// Longer than the death of a silo takes to be noticed and its grains to be elsewhere (3 s), so that nobody's slots lapse meanwhile; no longer
/// than that asks for, because the slots of a front-end that was killed are idle for as long.
/// </remarks>
public static class SlotLease
{
    /// <summary>How long the pool counts what it granted after it last heard of the front-end.</summary>
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a front-end admits after it sent the report that was answered: shorter by far more than clocks that differ by
    /// <see cref="LimitRule.ClockRateTolerance"/> disagree about.
    /// </summary>
    public static readonly TimeSpan HolderTime = Ttl - (Ttl / 100);

    /// <summary>How long a front-end that just started waits for a first answer before it goes on alone.</summary>
    public static readonly TimeSpan FirstAnswerTime = TimeSpan.FromSeconds(3);
}
