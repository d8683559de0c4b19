using CsCheck;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>Rules and requests that the tests of this folder start from.</summary>
internal static class LimitRules
{
    public static readonly RateLimitKey Key = RateLimitKey.Of("key");

    /// <summary>Requests: their milliseconds, in any order, and costs.</summary>
    public static readonly Gen<(int At, int Cost)[]> GenArrivals = Gen.Select(Gen.Int[0, 5000], Gen.Int[1, 4]).Array[1, 60];

    public static LimitRule Bucket(double burst, double rate, RateLimitMode mode = RateLimitMode.Leased) => new()
    {
        Algorithm = RateLimitAlgorithm.TokenBucket,
        Mode = mode,
        WhenUnreachable = WhenUnreachable.Deny,
        Burst = burst,
        Rate = rate,
    };

    public static LimitRule Window(int limit, TimeSpan window, RateLimitAlgorithm algorithm = RateLimitAlgorithm.SlidingWindowCounter, RateLimitMode mode = RateLimitMode.Exact) => new()
    {
        Algorithm = algorithm,
        Mode = mode,
        WhenUnreachable = WhenUnreachable.Deny,
        PermitLimit = limit,
        Window = window,
    };

    public static LimitRule Queue(double rate, int queue, RateLimitMode mode = RateLimitMode.Exact) => new()
    {
        Algorithm = RateLimitAlgorithm.LeakyBucket,
        Mode = mode,
        WhenUnreachable = WhenUnreachable.Deny,
        Rate = rate,
        QueueLimit = queue,
    };

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static RateLimitRange Fresh(LimitRule rule, int capacity = 100) => new(rule, 1, capacity, RestoreOutcome.NeverUsed, TimeSpan.Zero);

    public static RangeRequest Acquire(long seq, int count = 1, string holder = "a", RateLimitKey? key = null) => new()
    {
        Holder = holder,
        Incarnation = 1,
        Seq = seq,
        AckedEpoch = 1,
        AckedSeq = seq - 1,
        Acquires = [.. Enumerable.Repeat(new AcquireEntry(key ?? Key, 1), count)],
    };

    public static RangeRequest Renew(long seq, int want, params GrantReport[] reports) => new()
    {
        Holder = "a",
        Incarnation = 1,
        Seq = seq,
        AckedEpoch = 1,
        AckedSeq = seq - 1,
        Renewals = [new LeaseRenewal(Key, want, want, reports)],
    };

    /// <summary>Spends permits of a lease that gives no turns.</summary>
    public static bool TryAdmit(this LeaseHolder holder, TimeSpan now, int cost)
    {
        var admitted = holder.TryAdmit(now, cost, out var delay);
        return admitted && delay == TimeSpan.Zero;
    }

    public static int Admitted(RangeReply reply) => reply.Decisions.Count(decision => decision.IsAdmitted);
}
