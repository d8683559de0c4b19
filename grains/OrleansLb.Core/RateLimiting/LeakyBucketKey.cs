namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Leaky bucket of one key, as a queue: what is admitted is given the next free turn, and turns are 1 / R apart. All it has to know is when the
/// next one is. Departures in any interval x are at most 1 + R x, but for what their delays vary on the way. A request that costs more takes as
/// many turns and leaves at the first of them.
/// </summary>
internal sealed class LeakyBucketKey : LimitKey
{
    private TimeSpan _at;
    private TimeSpan _next;

    /// <summary>A key that nobody used.</summary>
    public static LeakyBucketKey Unused(TimeSpan now) => new() { _at = now, _next = now };

    /// <summary>A key about which nothing is known: its queue is taken to be full.</summary>
    public static LeakyBucketKey Unknown(LimitRule rule, TimeSpan now) => new() { _at = now, _next = now + Turns(rule, rule.QueueLimit + 1) };

    /// <summary>Continues what a front-end witnessed; everybody else who was given a turn since is a newer witness.</summary>
    public static LeakyBucketKey Restored(in KeyWitness witness, TimeSpan age, TimeSpan now) =>
        new() { _at = now, _next = now + (witness.Backlog * (1 + (2 * LimitRule.ClockRateTolerance))) - LimitRule.SureAge(age) };

    private TimeSpan Backlog => _next > _at ? _next - _at : TimeSpan.Zero;

    /// <inheritdoc/>
    public override double Charge(LimitRule rule) => Backlog.TotalSeconds * rule.Rate;

    /// <inheritdoc/>
    public override void Advance(LimitRule rule, TimeSpan now) => _at = now > _at ? now : _at;

    /// <inheritdoc/>
    public override bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (!rule.MayEverAdmit(cost) || Backlog > Turns(rule, rule.QueueLimit + 1 - cost))
            return false;
        delay = Backlog;
        _next = _at + delay + Turns(rule, cost);
        return true;
    }

    /// <inheritdoc/>
    public override TimeSpan RetryAfter(LimitRule rule, int cost)
    {
        if (!rule.MayEverAdmit(cost))
            return TimeSpan.MaxValue;
        var wait = Backlog - Turns(rule, rule.QueueLimit + 1 - cost);
        return wait > TimeSpan.Zero ? wait : TimeSpan.FromTicks(1);
    }

    /// <inheritdoc/>
    /// <remarks>Room in the queue: with what is admitted only its delay grows.</remarks>
    public override LimitQuota Quota(LimitRule rule)
    {
        if (rule.Rate <= 0)
            return new LimitQuota(0, TimeSpan.MaxValue);
        var taken = (int)Math.Min(rule.QueueLimit + 1, Math.Ceiling(Backlog / Turns(rule, 1)));
        return new LimitQuota(rule.QueueLimit + 1 - taken, Backlog);
    }

    /// <inheritdoc/>
    public override bool IsCoveredBy(LimitKey unseen) => unseen is LeakyBucketKey other && (_next <= _at || _next <= other._next);

    /// <inheritdoc/>
    public override void LowerTo(LimitKey other) => _next = ((LeakyBucketKey)other)._next is var next && next > _next ? next : _next;

    /// <inheritdoc/>
    /// <remarks>
    /// Those that wait at a front-end that was on its own still leave, at its pace. Its queue is to its pace as the whole one is to the whole, so until that
    /// long has passed there is no turn here.
    /// </remarks>
    public override void ChargeShare(LimitRule rule, double part)
    {
        var empty = _at + Turns(rule, rule.QueueLimit + 1);
        _next = empty > _next ? empty : _next;
    }

    /// <inheritdoc/>
    public override LimitKey Copy() => new LeakyBucketKey { _at = _at, _next = _next };

    /// <inheritdoc/>
    public override KeyWitness Witness(long epoch, long version) => new() { Epoch = epoch, Version = version, Backlog = Backlog };

    // Upwards, so that rounding never makes two turns come closer.
    private static TimeSpan Turns(LimitRule rule, int count) => count * TimeSpan.FromTicks((long)Math.Ceiling(TimeSpan.TicksPerSecond / rule.Rate));
}
