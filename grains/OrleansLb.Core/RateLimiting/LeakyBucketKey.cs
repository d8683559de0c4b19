namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Leaky bucket of one key, as a queue: what is admitted is given the next free turn, and turns are at least 1 / R apart. Departures in any interval
/// x are at most 1 + R x, but for what their delays vary on the way. A request that costs more takes as many turns and leaves at the first of them. What
/// is leased are turns as well: a holder's are as far apart as its part of the rate says, so that the rates of all holders together are R, and those of
/// others lie between. Whatever was given is given once.
/// </summary>
internal sealed class LeakyBucketKey : LimitKey
{
    private readonly TurnCalendar _turns;
    private TimeSpan _at;
    private LeaseBook? _leases;

    private LeakyBucketKey(TurnCalendar turns, TimeSpan now) => (_turns, _at) = (turns, now);

    /// <summary>A key that nobody used.</summary>
    public static LeakyBucketKey Unused(TimeSpan now) => new(new TurnCalendar(now), now);

    /// <summary>A key about which nothing is known: its queue is taken to be full.</summary>
    public static LeakyBucketKey Unknown(LimitRule rule, TimeSpan now) => new(new TurnCalendar(now + Turns(rule, rule.QueueLimit + 1)), now);

    /// <summary>Continues what a front-end witnessed; everybody else who was given a turn since is a newer witness.</summary>
    public static LeakyBucketKey Restored(in KeyWitness witness, TimeSpan age, TimeSpan now) =>
        new(new TurnCalendar(now + (witness.Backlog * (1 + (2 * LimitRule.ClockRateTolerance))) - LimitRule.SureAge(age)), now);

    /// <summary>How long until nothing is given any more, gaps included.</summary>
    private TimeSpan Backlog => _turns.End > _at ? _turns.End - _at : TimeSpan.Zero;

    /// <inheritdoc/>
    public override double Charge(LimitRule rule) => Backlog.TotalSeconds * rule.Rate;

    /// <inheritdoc/>
    public override void Advance(LimitRule rule, TimeSpan now)
    {
        _at = now > _at ? now : _at;
        _leases?.ExpireUntil(_at);
        _turns.Advance(_at, Turns(rule, 1));
    }

    /// <inheritdoc/>
    public override bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (!rule.MayEverAdmit(cost) || DelayOf(rule, cost) > LongestDelay(rule, cost))
            return false;
        delay = DelayOf(rule, cost);
        Take(rule, _at + delay, cost);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>The mark is the moment of its turn; whole ticks are exact in it for decades.</remarks>
    public override ChargeTicket Hold(int cost, TimeSpan delay) => new(_at, (_at + delay).Ticks);

    /// <inheritdoc/>
    public override void GiveBack(LimitRule rule, int cost, in ChargeTicket ticket) =>
        _turns.GiveBackLast(TimeSpan.FromTicks((long)ticket.Mark), Turns(rule, cost));

    /// <inheritdoc/>
    public override LeaseTerms Renew(LimitRule rule, in LeaseClaim claim, TimeSpan now)
    {
        var leases = _leases ??= new LeaseBook();
        leases.SettleAll(claim);
        var offer = leases.Offer(rule, claim, now);
        TimeSpan[] turns = [.. TurnsFor(rule, offer)];
        var length = turns.Length == 0 ? TimeSpan.Zero : turns[^1];
        return leases.Grant(claim, offer, turns.Length, now, length) with { Turns = turns };
    }

    /// <inheritdoc/>
    public override TimeSpan RetryAfter(LimitRule rule, int cost)
    {
        if (!rule.MayEverAdmit(cost))
            return TimeSpan.MaxValue;
        var wait = DelayOf(rule, cost) - LongestDelay(rule, cost);
        return wait > TimeSpan.Zero ? wait : TimeSpan.FromTicks(1);
    }

    /// <inheritdoc/>
    /// <remarks>Room in the queue: with what is admitted only its delay grows.</remarks>
    public override LimitQuota Quota(LimitRule rule)
    {
        if (rule.Rate <= 0)
            return new LimitQuota(0, TimeSpan.MaxValue);
        var delay = DelayOf(rule, 1);
        var taken = (int)Math.Min(rule.QueueLimit + 1, Math.Ceiling((delay + _turns.TakenAfter(_at + delay)) / Turns(rule, 1)));
        return new LimitQuota(rule.QueueLimit + 1 - taken, Backlog);
    }

    /// <inheritdoc/>
    public override bool IsCoveredBy(LimitKey unseen) =>
        unseen is LeakyBucketKey other && (_turns.End <= _at || _turns.End <= other._turns.Next);

    /// <inheritdoc/>
    public override void LowerTo(LimitKey other) => _turns.GiveUntil(((LeakyBucketKey)other)._turns.End);

    /// <inheritdoc/>
    /// <remarks>
    /// Those that wait at a front-end that was on its own still leave, at its pace. Its queue is to its pace as the whole one is to the whole, so until that
    /// long has passed there is no turn here.
    /// </remarks>
    public override void ChargeShare(LimitRule rule, double part) => _turns.GiveUntil(_at + Turns(rule, rule.QueueLimit + 1));

    /// <inheritdoc/>
    public override void Reset(LimitRule rule, TimeSpan now) => _turns.Reset(_at);

    /// <inheritdoc/>
    public override LimitKey Copy() => new LeakyBucketKey(_turns.Copy(), _at);

    /// <inheritdoc/>
    public override KeyWitness Witness(long epoch, long version) => new() { Epoch = epoch, Version = version, Backlog = Backlog };

    // Every so many turns as the holder's part of the rate says, for half of a lease's time and as far as the queue reaches. Whole turns apart, so that
    // no time is lost between its own and those of others.
    private IEnumerable<TimeSpan> TurnsFor(LimitRule rule, LeaseOffer offer)
    {
        if (offer.Most == 0 || rule.Rate <= 0)
            yield break;
        var first = _at + DelayOf(rule, 1);
        var end = Earlier(first + (rule.LeaseTtl / 2), _at + LongestDelay(rule, 1));
        var turnsEach = 1 / Math.Max(offer.Part, 1.0 / LimitRule.MostLeasedTurns);
        var turn = first;
        for (var given = 1; given <= offer.Most && turn <= end; given++)
        {
            Take(rule, turn, 1);
            yield return turn - _at;
            turn = _turns.FirstFree(Later(first + Turns(rule, (int)(given * turnsEach)), turn), Turns(rule, 1));
        }
    }

    private TimeSpan DelayOf(LimitRule rule, int cost) => _turns.FirstFree(_at, Turns(rule, cost)) - _at;

    private static TimeSpan LongestDelay(LimitRule rule, int cost) => Turns(rule, rule.QueueLimit + 1 - cost);

    private void Take(LimitRule rule, TimeSpan start, int cost)
    {
        _turns.Take(start, Turns(rule, cost), Turns(rule, 1), _at);
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    // Upwards, so that rounding never makes two turns come closer.
    private static TimeSpan Turns(LimitRule rule, int count) => count * TimeSpan.FromTicks((long)Math.Ceiling(TimeSpan.TicksPerSecond / rule.Rate));
}
