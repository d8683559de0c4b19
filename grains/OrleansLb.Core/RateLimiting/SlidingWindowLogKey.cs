namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Sliding-window log of one key: at most L in any interval of length W. Up to <see cref="MostCells"/> permits a window are known to the tick; of
/// more, each may count up to W / <see cref="MostCells"/> longer than it should, so that a key of any limit has a bounded size.
/// </summary>
internal sealed class SlidingWindowLogKey : LimitKey
{
    /// <summary>About how many different times a key remembers.</summary>
    public const int MostCells = 64;

    private readonly AdmissionLog _log;
    private TimeSpan _at;

    private SlidingWindowLogKey(AdmissionLog log, TimeSpan now) => (_log, _at) = (log, now);

    /// <summary>A key that nobody used.</summary>
    public static SlidingWindowLogKey Unused(TimeSpan now) => new(new AdmissionLog(), now);

    /// <summary>A key that may have admitted its whole limit a moment ago: nothing for one window.</summary>
    public static SlidingWindowLogKey Exhausted(LimitRule rule, TimeSpan now)
    {
        var key = Unused(now);
        key.Note(now, rule.PermitLimit, TimeSpan.Zero);
        return key;
    }

    /// <summary>Puts together what front-ends were given, each of which knows its own: no two of them know the same permit.</summary>
    public static SlidingWindowLogKey Restored(IEnumerable<RestoreRow> rows, TimeSpan now)
    {
        var key = Unused(now);
        foreach (var row in rows.OrderByDescending(static row => row.Age))
            key.Note(now - LimitRule.SureAge(row.Age), row.Witness.Current, TimeSpan.Zero);
        return key;
    }

    /// <inheritdoc/>
    public override double Charge(LimitRule rule) => _log.Count;

    /// <inheritdoc/>
    public override void Advance(LimitRule rule, TimeSpan now)
    {
        _at = now > _at ? now : _at;
        _log.ForgetUntil(_at - rule.Window);
    }

    /// <inheritdoc/>
    public override bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (_log.Count + cost > rule.PermitLimit)
            return false;
        Note(_at, cost, rule.PermitLimit <= MostCells ? TimeSpan.Zero : rule.Window / MostCells);
        return true;
    }

    /// <inheritdoc/>
    public override TimeSpan RetryAfter(LimitRule rule, int cost) => !rule.MayEverAdmit(cost)
        ? TimeSpan.MaxValue
        : _log.TimeOfOldest(Math.Max(1, _log.Count + cost - rule.PermitLimit)) + rule.Window - _at;

    /// <inheritdoc/>
    public override LimitQuota Quota(LimitRule rule) => new(
        (int)Math.Max(0, rule.PermitLimit - _log.Count),
        _log.Count == 0 ? TimeSpan.Zero : _log.Newest + rule.Window - _at);

    /// <inheritdoc/>
    public override bool IsCoveredBy(LimitKey unseen) =>
        unseen is SlidingWindowLogKey { _log: var other } && (_log.Count == 0 || (_log.Count <= other.Count && _log.Newest <= other.Oldest));

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
    public override LimitKey Copy() => new SlidingWindowLogKey(_log.Copy(), _at);

    /// <inheritdoc/>
    /// <remarks>Nothing but its place among the decisions: every front-end knows which permits it was given, and when.</remarks>
    public override KeyWitness Witness(long epoch, long version) => new() { Epoch = epoch, Version = version };

    private void Note(TimeSpan at, int count, TimeSpan resolution)
    {
        if (count > 0)
            _log.Add(at, count, resolution);
    }
}
