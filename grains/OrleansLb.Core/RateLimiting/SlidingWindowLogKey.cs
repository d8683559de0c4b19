namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Sliding-window log of one key: at most L in any interval of length W. Up to <see cref="MostCells"/> permits a window are known to the tick; of
/// more, each may count up to W / <see cref="MostCells"/> longer than it should, so that a key of any limit has a bounded size. Leased permits count from
/// the latest moment at which they can have been spent: while they are out that is the end of their lease, then what their holder says.
/// </summary>
internal sealed class SlidingWindowLogKey : LimitKey
{
    /// <summary>About how many different times a key remembers.</summary>
    public const int MostCells = 64;

    private readonly AdmissionLog _log;
    private TimeSpan _at;
    private LeaseBook? _leases;

    private SlidingWindowLogKey(AdmissionLog log, TimeSpan now) => (_log, _at) = (log, now);

    /// <inheritdoc/>
    public override bool IsPinned => _leases is { IsEmpty: false };

    private int Outstanding => _leases?.Outstanding ?? 0;

    private long Count => _log.Count + Outstanding;

    /// <summary>A key that nobody used.</summary>
    public static SlidingWindowLogKey Unused(TimeSpan now) => new(new AdmissionLog(), now);

    /// <summary>A key that may have admitted its whole limit a moment ago, and leased what may be: nothing for one window.</summary>
    public static SlidingWindowLogKey Exhausted(LimitRule rule, TimeSpan now)
    {
        var key = Unused(now);
        key.Note(now, rule.PermitLimit - rule.LeaseCap, TimeSpan.Zero);
        key.Note(now + rule.LeaseLength, rule.LeaseCap, TimeSpan.Zero);
        return key;
    }

    /// <summary>
    /// Puts together what front-ends were given, each of which knows its own: no two of them know the same permit. Leases of theirs end in the
    /// future, and nobody can report on them any more.
    /// </summary>
    public static SlidingWindowLogKey Restored(IEnumerable<RestoreRow> rows, TimeSpan now)
    {
        var key = Unused(now);
        foreach (var row in rows)
        {
            var at = now - LimitRule.SureAge(row.Age);
            if (at > now)
                (key._leases ??= new LeaseBook()).Add(new Grant { Holder = "", Amount = row.Witness.Current, ExpiresAt = at });
            else
                key.Note(at, row.Witness.Current, TimeSpan.Zero);
        }

        return key;
    }

    /// <inheritdoc/>
    public override double Charge(LimitRule rule) => Count;

    /// <inheritdoc/>
    public override void Advance(LimitRule rule, TimeSpan now)
    {
        _at = now > _at ? now : _at;
        while (_leases is { } leases && leases.NextExpiry <= _at)
            Note(leases.NextExpiry, leases.ExpireFirst(), Step(rule));
        _log.ForgetUntil(_at - rule.Window);
    }

    /// <inheritdoc/>
    public override bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (Count + cost > rule.PermitLimit)
            return false;
        Note(_at, cost, Step(rule));
        return true;
    }

    /// <inheritdoc/>
    public override ChargeTicket Hold(int cost, TimeSpan delay) => new(_at, 0);

    /// <inheritdoc/>
    public override void GiveBack(LimitRule rule, int cost, in ChargeTicket ticket) => _log.Remove(ticket.At, cost, Step(rule));

    /// <inheritdoc/>
    public override LeaseTerms Renew(LimitRule rule, in LeaseClaim claim, TimeSpan now)
    {
        var leases = _leases ??= new LeaseBook();
        foreach (ref readonly var report in claim.Renewal.Reports.AsSpan())
        {
            var age = report.SpentAge > TimeSpan.Zero ? LimitRule.SureAge(report.SpentAge) : TimeSpan.Zero;
            Note(_at - age, leases.Settle(claim, report).Spent, Step(rule));
        }

        var offer = leases.Offer(rule, claim, now);
        return leases.Grant(claim, offer, (int)Math.Min(offer.Most, rule.PermitLimit - Count), now, rule.LeaseLength);
    }

    /// <inheritdoc/>
    /// <remarks>Leased permits may come back at any time; when they are not and nothing else ends, the leases do.</remarks>
    public override TimeSpan RetryAfter(LimitRule rule, int cost)
    {
        if (!rule.MayEverAdmit(cost))
            return TimeSpan.MaxValue;
        var ending = Math.Max(1, Count + cost - rule.PermitLimit);
        return (ending <= _log.Count ? _log.TimeOfOldest(ending) + rule.Window : _leases?.NextExpiry ?? _at + rule.LeaseTtl) - _at;
    }

    /// <inheritdoc/>
    public override LimitQuota Quota(LimitRule rule) => new(
        (int)Math.Max(0, rule.PermitLimit - Count),
        Count == 0 ? TimeSpan.Zero : Newest + rule.Window - _at);

    /// <inheritdoc/>
    public override bool IsCoveredBy(LimitKey unseen) =>
        !IsPinned && unseen is SlidingWindowLogKey { _log: var other } && (_log.Count == 0 || (_log.Count <= other.Count && _log.Newest <= other.Oldest));

    /// <inheritdoc/>
    public override void LowerTo(LimitKey other)
    {
        var log = ((SlidingWindowLogKey)other)._log;
        var (count, newest) = (Math.Max(_log.Count, log.Count), log.Newest > _log.Newest ? log.Newest : _log.Newest);
        if (count == 0)
            return;
        _log.ForgetUntil(TimeSpan.MaxValue);
        Note(newest, (int)Math.Min(int.MaxValue, count), TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override void ChargeShare(LimitRule rule, double part) => Note(_at, rule.PermitsOf(part), TimeSpan.Zero);

    /// <inheritdoc/>
    public override void Reset(LimitRule rule, TimeSpan now) => _log.ForgetUntil(TimeSpan.MaxValue);

    /// <inheritdoc/>
    public override LimitKey Copy() => new SlidingWindowLogKey(_log.Copy(), _at);

    /// <inheritdoc/>
    /// <remarks>Nothing but its place among the decisions: every front-end knows which permits it was given, and when.</remarks>
    public override KeyWitness Witness(long epoch, long version) => new() { Epoch = epoch, Version = version };

    private TimeSpan Newest => _leases is { IsEmpty: false } leases && leases.LastExpiry > _log.Newest ? leases.LastExpiry : _log.Newest;

    private static TimeSpan Step(LimitRule rule) => rule.PermitLimit <= MostCells ? TimeSpan.Zero : rule.Window / MostCells;

    private void Note(TimeSpan at, int count, TimeSpan resolution)
    {
        if (count > 0)
            _log.Add(at, count, resolution);
    }
}
