namespace OrleansLb.Core.RateLimiting;

/// <summary>Fixed window of one key: at most L in each window, so up to 2 L in an interval of length W that lies across a boundary.</summary>
internal sealed class FixedWindowKey : LimitKey
{
    private TimeSpan _start;
    private TimeSpan _at;
    private int _current;

    /// <summary>A key that nobody used; windows are aligned to the clock of the activation.</summary>
    public static FixedWindowKey Unused(LimitRule rule, TimeSpan now) => new() { _start = rule.WindowStart(now), _at = now };

    /// <summary>A key that may have admitted its whole limit a moment ago: nothing for one window.</summary>
    public static FixedWindowKey Exhausted(LimitRule rule, TimeSpan now) => new() { _start = now, _at = now, _current = rule.PermitLimit };

    /// <summary>Continues what a front-end witnessed, in a window that is placed as late as that allows.</summary>
    public static FixedWindowKey Restored(in KeyWitness witness, TimeSpan age, TimeSpan now) =>
        new() { _start = now - witness.Elapsed - LimitRule.SureAge(age), _at = now, _current = witness.Current };

    /// <inheritdoc/>
    public override double Charge(LimitRule rule) => _current;

    /// <inheritdoc/>
    public override void Advance(LimitRule rule, TimeSpan now)
    {
        if (now <= _at)
            return;
        _at = now;
        var windows = (now - _start).Ticks / rule.Window.Ticks;
        if (windows == 0)
            return;
        _current = 0;
        _start += windows * rule.Window;
    }

    /// <inheritdoc/>
    public override bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if ((long)_current + cost > rule.PermitLimit)
            return false;
        _current += cost;
        return true;
    }

    /// <inheritdoc/>
    public override TimeSpan RetryAfter(LimitRule rule, int cost) => !rule.MayEverAdmit(cost) ? TimeSpan.MaxValue : rule.Window - (_at - _start);

    /// <inheritdoc/>
    /// <remarks>Even an empty key waits for the other's window, or the limit would be free again before its own window ends.</remarks>
    public override bool IsCoveredBy(LimitKey unseen) => unseen is FixedWindowKey other && _current <= other._current && _start <= other._start;

    /// <inheritdoc/>
    public override void LowerTo(LimitKey other)
    {
        var key = (FixedWindowKey)other;
        _start = key._start > _start ? key._start : _start;
        _current = Math.Max(_current, key._current);
    }

    /// <inheritdoc/>
    public override void ChargeShare(LimitRule rule, double part) =>
        _current = (int)Math.Min(Math.Max(_current, rule.PermitLimit), (long)_current + rule.PermitsOf(part));

    /// <inheritdoc/>
    public override LimitKey Copy() => new FixedWindowKey { _start = _start, _at = _at, _current = _current };

    /// <inheritdoc/>
    public override KeyWitness Witness(long epoch, long version) => new() { Epoch = epoch, Version = version, Current = _current, Elapsed = _at - _start };
}
