using OrleansLb.Core.Concurrency;
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

    /// <summary>Token bucket: tokens a second. Leaky bucket: departures a second.</summary>
    public double Rate { get; init; }

    /// <summary>Windows: permits a window. Concurrency: requests in flight at once.</summary>
    public int PermitLimit { get; init; }

    /// <summary>Windows: their length.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Leaky bucket: requests that may wait. Concurrency: those that may wait at one front-end.</summary>
    public int QueueLimit { get; init; }

    /// <summary>Concurrency: how long a request may wait.</summary>
    public TimeSpan QueueTimeout { get; init; }

    /// <summary>How long a lease can be spent after it was asked for.</summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a front-end that cannot reach the cluster may serve its share, and the cluster reserves it.</summary>
    public TimeSpan ShareFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Shortest time for which anything is leased: what is shorter would be over, for its holder, soon after it came.</summary>
    public static readonly TimeSpan ShortestLease = TimeSpan.FromMilliseconds(20);

    /// <summary>Most turns of a leaky bucket that are out in leases, each of which is a time of its own in a message.</summary>
    public const int MostLeasedTurns = 64;

    /// <summary>Most tokens of one key that may be out in leases; 0 when the policy never leases, or what it counts is too small.</summary>
    public int LeaseCap => Mode == RateLimitMode.Exact ? 0 : Algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => (int)(LeasedPart * Burst),
        RateLimitAlgorithm.LeakyBucket => (int)Math.Min(MostLeasedTurns, LeasedPart * (QueueLimit + 1.0)),
        _ => Window < 5 * ShortestLease ? 0 : (int)(LeasedPart * PermitLimit),
    };

    /// <summary>The longest time for which tokens are leased. Those of a window end with it.</summary>
    public TimeSpan LeaseLength => Window > TimeSpan.Zero && Window < LeaseTtl ? Window : LeaseTtl;

    /// <summary>
    /// Whether the cluster sets aside what a front-end that it cannot hear may serve. Slots it does not: each front-end that was killed would cost its part of the limit
    /// for a day, and a front-end alone has one at least, whatever the limit.
    /// </summary>
    public bool SetsSharesAside => Algorithm != RateLimitAlgorithm.Concurrency;

    /// <summary>After this long without an admission a key is indistinguishable from one never seen; of slots, after as long who vanished holds none.</summary>
    public TimeSpan Horizon => Algorithm == RateLimitAlgorithm.Concurrency ? SlotLease.Ttl + TimeSpan.FromSeconds(1) : CountedFor;

    private TimeSpan CountedFor => (Algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => TimeSpan.FromSeconds(Burst / Rate),
        RateLimitAlgorithm.LeakyBucket => TimeSpan.FromSeconds((QueueLimit + 1) / Rate),
        RateLimitAlgorithm.SlidingWindowCounter => 2 * Window,
        _ => Window,
    } * (1 + (2 * ClockRateTolerance))) + (IsSpentAfterwards ? LeaseTtl : TimeSpan.Zero);

    // Those of windows and turns that are leased lie within what was counted when they were given.
    private bool IsSpentAfterwards =>
        Algorithm == RateLimitAlgorithm.TokenBucket || (Algorithm == RateLimitAlgorithm.SlidingWindowLog && Mode != RateLimitMode.Exact);

    /// <summary>Reads the numbers of a policy that was validated before.</summary>
    /// <param name="policy">The policy as configured.</param>
    /// <exception cref="ArgumentException">A number that the algorithm needs is not positive.</exception>
    public static LimitRule Of(RateLimitPolicyDefinition policy)
    {
        var valid = policy.Algorithm switch
        {
            RateLimitAlgorithm.TokenBucket => policy is { TokenLimit: > 0, TokensPerPeriod: > 0 } && policy.ReplenishmentPeriod > TimeSpan.Zero,
            RateLimitAlgorithm.Concurrency => policy is { PermitLimit: > 0, QueueLimit: >= 0 } && policy.QueueTimeout > TimeSpan.Zero,
            _ => policy is { PermitLimit: > 0, QueueLimit: >= 0 } && policy.Window > TimeSpan.Zero,
        };
        if (!valid)
            throw new ArgumentException($"Rate-limit policy '{policy.Name}': {policy.Algorithm} needs positive limits and times.", nameof(policy));

        var rule = new LimitRule { Algorithm = policy.Algorithm, Mode = policy.Mode, WhenUnreachable = policy.WhenUnreachable };
        return policy.Algorithm switch
        {
            RateLimitAlgorithm.TokenBucket => rule with { Burst = policy.TokenLimit, Rate = policy.TokensPerSecond },
            RateLimitAlgorithm.LeakyBucket => rule with { Rate = policy.PermitLimit / policy.Window.TotalSeconds, QueueLimit = policy.QueueLimit },
            RateLimitAlgorithm.Concurrency => rule with { PermitLimit = policy.PermitLimit, QueueLimit = policy.QueueLimit, QueueTimeout = policy.QueueTimeout },
            _ => rule with { PermitLimit = policy.PermitLimit, Window = policy.Window },
        };
    }

    /// <summary>Whether a cost can be admitted at all.</summary>
    /// <param name="cost">Permits needed.</param>
    public bool MayEverAdmit(int cost) => Algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => Rate > 0 && cost <= Burst,
        RateLimitAlgorithm.LeakyBucket => Rate > 0 && cost <= QueueLimit + 1,
        _ => cost <= PermitLimit,
    };

    /// <summary>What is left of a token bucket.</summary>
    /// <param name="tokens">Tokens that can be spent.</param>
    public LimitQuota QuotaOf(double tokens)
    {
        var seconds = Rate > 0 ? Math.Max(0, Burst - tokens) / Rate : double.PositiveInfinity;
        return new LimitQuota((int)Math.Max(0, Math.Min(tokens, int.MaxValue)), TimeSpan.FromTicks((long)Math.Min(long.MaxValue, Math.Ceiling(seconds * TimeSpan.TicksPerSecond))));
    }

    /// <summary>What remains of this rule while shares of it are set aside. Shares are rounded down, so what they leave over is here.</summary>
    /// <param name="part">The sum of the shares, 0 to 1.</param>
    public LimitRule Without(double part) => Scaled(1 - part) with
    {
        PermitLimit = PermitLimit - Whole(PermitLimit, part),
        QueueLimit = QueueLimit - Whole(QueueLimit, part),
    };

    /// <summary>Windows: the permits that some shares have together.</summary>
    /// <param name="part">The sum of the shares, 0 to 1.</param>
    internal int PermitsOf(double part) => Whole(PermitLimit, part);

    /// <summary>A share of this rule.</summary>
    /// <param name="part">0 to 1.</param>
    public LimitRule Scaled(double part) => this with
    {
        Burst = Burst * part,
        Rate = Rate * part,
        PermitLimit = (int)(PermitLimit * part),
        QueueLimit = (int)(QueueLimit * part),
    };

    // Shares are rounded down one by one. Their sum may come out a trace below a whole number, which must not be rounded down again.
    private static int Whole(int limit, double part) => (int)((limit * part * (1 + 1e-12)) + 1e-9);

    /// <summary>When the window that a time falls into began.</summary>
    internal TimeSpan WindowStart(TimeSpan time) => TimeSpan.FromTicks(time.Ticks / Window.Ticks * Window.Ticks);

    /// <summary>An age by another clock, made so much less that it is no more than the true one; negative for what is yet to come.</summary>
    internal static TimeSpan SureAge(TimeSpan age) => age * (1 - (Math.Sign(age.Ticks) * 2 * ClockRateTolerance));

    /// <summary>
    /// When the holder of a lease stops to spend it, by its own clock. The margin is for the time that a thread needs between reading the clock
    /// and spending, and for clocks that run at different rates.
    /// </summary>
    /// <param name="sentAt">When it asked for the lease.</param>
    /// <param name="length">How long the grain sets the tokens aside.</param>
    internal static TimeSpan LeaseDeadline(TimeSpan sentAt, TimeSpan length) =>
        sentAt + length - TimeSpan.FromTicks(Math.Max(TimeSpan.FromMilliseconds(5).Ticks, length.Ticks / 100));
}
