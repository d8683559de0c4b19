namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Sliding-window counter of one key: two windows, the older weighted by how much of it the last W still overlaps. At every
/// admission <c>previous * (1 - elapsed / W) + current + cost &lt;= L</c>. Integer arithmetic, so that the rule holds exactly.
/// </summary>
internal sealed class SlidingWindowKey : LimitKey
{
    private TimeSpan _start;
    private TimeSpan _at;
    private int _previous;
    private int _current;

    /// <summary>When the current window began, in the grain's clock.</summary>
    public TimeSpan WindowStart => _start;

    /// <summary>A key that nobody used; windows are aligned to the clock of the activation.</summary>
    public static SlidingWindowKey Unused(LimitRule rule, TimeSpan now) => new() { _start = rule.WindowStart(now), _at = now };

    /// <summary>
    /// A key that may have admitted its whole limit a moment ago: nothing for one window, then the weight of a full one.
    /// </summary>
    public static SlidingWindowKey Exhausted(LimitRule rule, TimeSpan now) =>
        new() { _start = now, _at = now, _previous = rule.PermitLimit, _current = rule.PermitLimit };

    /// <summary>
    /// Continues what a front-end witnessed. The window is placed as late as the witness allows (its age counts from when the
    /// reply was received, shortened by the clock tolerance): everything then weighs at least what it weighed before.
    /// </summary>
    public static SlidingWindowKey Restored(in KeyWitness witness, TimeSpan age, TimeSpan now) => new()
    {
        _start = now - witness.Elapsed - LimitRule.SureAge(age),
        _at = now,
        _previous = witness.Previous,
        _current = witness.Current,
    };

    /// <inheritdoc/>
    public override double Charge(LimitRule rule) => _current + (_previous * (1 - ((_at - _start) / rule.Window)));

    /// <inheritdoc/>
    public override void Advance(LimitRule rule, TimeSpan now)
    {
        if (now <= _at)
            return;
        _at = now;
        var windows = (now - _start).Ticks / rule.Window.Ticks;
        if (windows == 0)
            return;
        _previous = windows == 1 ? _current : 0;
        _current = 0;
        _start += windows * rule.Window;
    }

    /// <inheritdoc/>
    public override bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        Int128 window = rule.Window.Ticks;
        var weighted = (_previous * (window - (_at - _start).Ticks)) + (((Int128)_current + cost) * window);
        if (weighted > rule.PermitLimit * window)
            return false;
        _current += cost;
        return true;
    }

    /// <inheritdoc/>
    public override TimeSpan RetryAfter(LimitRule rule, int cost)
    {
        if (!rule.MayEverAdmit(cost))
            return TimeSpan.MaxValue;
        var elapsed = _at - _start;
        if (_current + cost <= rule.PermitLimit)
            return Later(FreeAt(rule, _previous, rule.PermitLimit - _current - cost) - elapsed);
        return Later(rule.Window - elapsed + FreeAt(rule, _current, rule.PermitLimit - cost));
    }

    /// <inheritdoc/>
    /// <remarks>Even an empty key waits for the other's window: what left its own windows may still be in those of the other.</remarks>
    public override bool IsCoveredBy(LimitKey unseen) =>
        unseen is SlidingWindowKey other && _previous <= other._previous && _current <= other._current && _start <= other._start;

    /// <inheritdoc/>
    public override void LowerTo(LimitKey other)
    {
        var key = (SlidingWindowKey)other;
        _start = key._start > _start ? key._start : _start;
        _previous = Math.Max(_previous, key._previous);
        _current = Math.Max(_current, key._current);
    }

    /// <inheritdoc/>
    public override void ChargeShare(LimitRule rule, double part) =>
        _current = (int)Math.Min(Math.Max(_current, rule.PermitLimit), (long)_current + rule.PermitsOf(part));

    /// <inheritdoc/>
    public override LimitKey Copy() => new SlidingWindowKey { _start = _start, _at = _at, _previous = _previous, _current = _current };

    /// <inheritdoc/>
    public override KeyWitness Witness(long epoch, long version) =>
        new() { Epoch = epoch, Version = version, Previous = _previous, Current = _current, Elapsed = _at - _start };

    // The first moment of a window at which the one before it weighs no more than what is free.
    private static TimeSpan FreeAt(LimitRule rule, int before, int free) =>
        before <= free ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Ceiling(rule.Window.Ticks * (1 - ((double)free / before))));

    private static TimeSpan Later(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromTicks(1);
}
