using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// The share 1/N of a limit that a front-end serves while it cannot reach the cluster. It starts from nothing, because what was
/// left of the limit when contact broke is still being admitted elsewhere. Thread-safe.
/// </summary>
public sealed class LocalShare
{
    private readonly Lock _lock = new();
    private readonly LimitRule _rule;
    private readonly KeyTable _keys;

    /// <summary>Starts serving a share.</summary>
    /// <param name="rule">The policy's numbers.</param>
    /// <param name="parts">N.</param>
    /// <param name="capacity">Most keys that get a state of their own.</param>
    /// <param name="now">The time.</param>
    public LocalShare(LimitRule rule, int parts, int capacity, TimeSpan now)
        : this(PartOf(rule, parts), capacity, rule => LimitKeys.Unknown(rule, now))
    {
    }

    private LocalShare(LimitRule rule, int capacity, Func<LimitRule, LimitKey> unseen)
    {
        _rule = rule;
        _keys = new KeyTable(capacity, unseen(rule));
    }

    /// <summary>Keys that have a state of their own.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _keys.Count;
        }
    }

    /// <summary>Starts serving a limit that nobody else serves and nobody has used: all of it.</summary>
    /// <param name="rule">Its numbers.</param>
    /// <param name="capacity">Most keys that get a state of their own.</param>
    /// <param name="now">The time.</param>
    public static LocalShare Whole(LimitRule rule, int capacity, TimeSpan now) => new(PartOf(rule, 1), capacity, rule => LimitKeys.Unused(rule, now));

    /// <summary>Admits or refuses.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cost">Permits needed.</param>
    /// <param name="now">The time.</param>
    /// <param name="wait">If refused: when to try again; <see cref="TimeSpan.MaxValue"/> for never. If admitted: how long to wait for its turn.</param>
    public bool TryAdmit(RateLimitKey key, int cost, TimeSpan now, out TimeSpan wait) => TryTake(key, cost, now, isHeld: false, out wait, out _);

    /// <summary>Admits or refuses what may be given back.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cost">Permits needed.</param>
    /// <param name="now">The time.</param>
    /// <param name="wait">As for <see cref="TryAdmit"/>.</param>
    /// <param name="ticket">If admitted: what to settle it with; without that it stays charged.</param>
    public bool TryHold(RateLimitKey key, int cost, TimeSpan now, out TimeSpan wait, out ChargeTicket ticket) =>
        TryTake(key, cost, now, isHeld: true, out wait, out ticket);

    /// <summary>Takes back what was admitted and did not go on. Once.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cost">Permits that were taken.</param>
    /// <param name="ticket">The ticket of the charge.</param>
    /// <param name="now">The time.</param>
    public void GiveBack(RateLimitKey key, int cost, in ChargeTicket ticket, TimeSpan now)
    {
        lock (_lock)
            _keys.FindKnown(_rule, key, now)?.GiveBack(_rule, cost, ticket);
    }

    /// <summary>Notes that what was admitted will not be given back. Once.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cost">Permits that were taken.</param>
    /// <param name="ticket">The ticket of the charge.</param>
    /// <param name="now">The time.</param>
    public void Keep(RateLimitKey key, int cost, in ChargeTicket ticket, TimeSpan now)
    {
        lock (_lock)
            _keys.FindKnown(_rule, key, now)?.Keep(cost, ticket);
    }

    private static LimitRule PartOf(LimitRule rule, int parts) => rule.Scaled(1.0 / Math.Max(1, parts)) with
    {
        Mode = RateLimitMode.Exact,
        // Windows of its own would lie across two of the range's and admit two shares in one of those.
        Algorithm = rule.Algorithm == RateLimitAlgorithm.FixedWindow ? RateLimitAlgorithm.SlidingWindowLog : rule.Algorithm,
    };

    private bool TryTake(RateLimitKey key, int cost, TimeSpan now, bool isHeld, out TimeSpan wait, out ChargeTicket ticket)
    {
        lock (_lock)
        {
            wait = _rule.LeaseTtl;
            ticket = default;
            if (_keys.Find(_rule, key, now) is not { } state)
                return false;
            var admitted = state.TryAcquire(_rule, cost, out wait);
            if (!admitted)
                wait = state.RetryAfter(_rule, cost);
            else if (isHeld)
                ticket = state.Hold(cost, wait);
            return admitted;
        }
    }
}
