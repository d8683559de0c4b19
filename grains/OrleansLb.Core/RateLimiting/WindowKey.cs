using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Windows of one key. A fixed window admits L in each, so up to 2 L in an interval of length W that lies across a boundary. A sliding-window counter
/// weighs the window before by how much of it the last W still overlaps: at every admission <c>previous * (1 - elapsed / W) + current + cost &lt;= L</c>.
/// Integer arithmetic, so that the rule holds exactly. A fixed window is a counter whose window before never counts. Leased permits count as admitted
/// in their window from when they are given, and none can be spent after its end; so the rule holds at each admission that they pay for, too.
/// </summary>
internal sealed class WindowKey : LimitKey
{
    private TimeSpan _start;
    private TimeSpan _at;
    private int _previous;
    private int _current;
    private LeaseBook? _leases;

    /// <summary>A key that nobody used; windows are aligned to the clock of the activation.</summary>
    public static WindowKey Unused(LimitRule rule, TimeSpan now) => new() { _start = rule.WindowStart(now), _at = now };

    /// <summary>
    /// A key about which nothing is known. A fixed window may have admitted its whole limit a moment ago, so this one is used up. A counter may have admitted twice its
    /// limit within the last W, of which what was leased may yet be spent: nothing for half a window, and by its end as much as a counter gives that was never interrupted.
    /// </summary>
    public static WindowKey Unknown(LimitRule rule, TimeSpan now) => rule.Algorithm == RateLimitAlgorithm.SlidingWindowCounter
        ? new() { _start = now, _at = now, _previous = (int)Math.Min(int.MaxValue, (2L * rule.PermitLimit) - rule.LeaseCap), _current = rule.LeaseCap }
        : new() { _start = now, _at = now, _current = rule.PermitLimit };

    /// <summary>
    /// Continues what a front-end witnessed. The window is placed as late as the witness allows (its age counts from when the
    /// reply was received, shortened by the clock tolerance): everything then weighs at least what it weighed before.
    /// </summary>
    public static WindowKey Restored(LimitRule rule, in KeyWitness witness, TimeSpan age, TimeSpan now) => new()
    {
        _start = now - witness.Elapsed - LimitRule.SureAge(age),
        _at = now,
        _previous = Weighed(rule, witness.Previous),
        _current = witness.Current,
    };

    private TimeSpan Elapsed => _at - _start;

    private int Outstanding => _leases?.Outstanding ?? 0;

    /// <inheritdoc/>
    public override double Charge(LimitRule rule) => Math.Min(rule.PermitLimit, _current + (_previous * (1 - (Elapsed / rule.Window))));

    /// <inheritdoc/>
    public override void Advance(LimitRule rule, TimeSpan now)
    {
        _at = now > _at ? now : _at;
        _leases?.ExpireUntil(_at);
        var windows = Elapsed.Ticks / rule.Window.Ticks;
        if (windows == 0)
            return;
        _previous = windows == 1 ? Weighed(rule, _current) : 0;
        _current = 0;
        _start += windows * rule.Window;
    }

    /// <inheritdoc/>
    public override bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (cost > Free(rule))
            return false;
        _current += cost;
        return true;
    }

    /// <inheritdoc/>
    public override ChargeTicket Hold(int cost, TimeSpan delay) => new(_at, 0);

    /// <inheritdoc/>
    public override void GiveBack(LimitRule rule, int cost, in ChargeTicket ticket)
    {
        if (ticket.At >= _start)
            _current = Math.Max(Outstanding, _current - cost);
        else if (ticket.At >= _start - rule.Window)
            _previous = Math.Max(0, _previous - cost);
    }

    /// <inheritdoc/>
    /// <remarks>What a holder does not need until the window ends would be lost with it.</remarks>
    public override LeaseTerms Renew(LimitRule rule, in LeaseClaim claim, TimeSpan now)
    {
        var leases = _leases ??= new LeaseBook();
        _current -= leases.SettleAll(claim);
        var offer = leases.Offer(rule, claim, now);
        var left = rule.Window - Elapsed;
        var length = left < rule.LeaseTtl ? left : rule.LeaseTtl;
        var needed = Math.Max(1, Math.Ceiling(claim.Renewal.Demand * length.TotalSeconds));
        var amount = length < LimitRule.ShortestLease ? 0 : (int)Math.Max(0, Math.Min(Math.Min(offer.Most, needed), Free(rule)));
        _current += amount;
        return leases.Grant(claim, offer, amount, now, length);
    }

    /// <inheritdoc/>
    public override TimeSpan RetryAfter(LimitRule rule, int cost)
    {
        if (!rule.MayEverAdmit(cost))
            return TimeSpan.MaxValue;
        if (_current + cost <= rule.PermitLimit)
            return Later(FreeAt(rule, _previous, rule.PermitLimit - _current - cost) - Elapsed);
        return Later(rule.Window - Elapsed + FreeAt(rule, Weighed(rule, _current), rule.PermitLimit - cost));
    }

    /// <inheritdoc/>
    public override LimitQuota Quota(LimitRule rule)
    {
        var windows = Weighed(rule, _current) > 0 ? 2 : _current > 0 || _previous > 0 ? 1 : 0;
        return new LimitQuota((int)Math.Max(0, Free(rule)), windows == 0 ? TimeSpan.Zero : (windows * rule.Window) - Elapsed);
    }

    /// <inheritdoc/>
    /// <remarks>Even an empty key waits for the other's window: what left its own windows may still be in those of the other.</remarks>
    public override bool IsCoveredBy(LimitKey unseen) =>
        unseen is WindowKey other && _previous <= other._previous && _current <= other._current && _start <= other._start;

    /// <inheritdoc/>
    public override void LowerTo(LimitKey other)
    {
        var key = (WindowKey)other;
        _start = key._start > _start ? key._start : _start;
        _previous = Math.Max(_previous, key._previous);
        _current = Math.Max(_current, key._current);
    }

    /// <inheritdoc/>
    /// <remarks>What is out in leases may come back, and is on top of what the window can hold.</remarks>
    public override void ChargeShare(LimitRule rule, double part)
    {
        var spent = _current - Outstanding;
        _current = (int)Math.Min(Math.Max(spent, rule.PermitLimit), (long)spent + rule.PermitsOf(part)) + Outstanding;
    }

    /// <inheritdoc/>
    public override void Reset(LimitRule rule, TimeSpan now) => (_previous, _current) = (0, Outstanding);

    /// <inheritdoc/>
    public override LimitKey Copy() => new WindowKey { _start = _start, _at = _at, _previous = _previous, _current = _current };

    /// <inheritdoc/>
    public override KeyWitness Witness(long epoch, long version) =>
        new() { Epoch = epoch, Version = version, Previous = _previous, Current = _current, Elapsed = Elapsed };

    // What a window counts for once it is over.
    private static int Weighed(LimitRule rule, int permits) => rule.Algorithm == RateLimitAlgorithm.SlidingWindowCounter ? permits : 0;

    // Rounded down, so that the rule holds for the whole permits that are given.
    private long Free(LimitRule rule)
    {
        Int128 window = rule.Window.Ticks;
        var weight = _previous * (window - Elapsed.Ticks);
        return (long)(((rule.PermitLimit * window) - weight) / window) - _current;
    }

    // The first moment of a window at which the one before it weighs no more than what is free.
    private static TimeSpan FreeAt(LimitRule rule, int before, int free) =>
        before <= free ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Ceiling(rule.Window.Ticks * (1 - ((double)free / before))));

    private static TimeSpan Later(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromTicks(1);
}
