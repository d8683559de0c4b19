namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Token bucket of one key with leases as escrow. G tokens are here, O are out; G + O never exceeds the burst and refilling
/// stops there. What can be admitted from any moment on is at most G + O, it grows by at most the rate and every admission takes
/// one from it, so in any interval x the cluster admits at most B + R x: the bound of a bucket on one node.
/// </summary>
internal sealed class TokenBucketKey : LimitKey
{
    // Far below one token and far above the rounding of the sums: a refill that ends at 0.9999999999 is a token.
    private const double Rounding = 1e-9;

    private double _tokens;
    private TimeSpan _at;
    private LeaseBook? _leases;
    private HeldTokens? _held;

    /// <summary>Tokens here (G).</summary>
    public double Tokens => _tokens;

    /// <summary>Tokens out in leases (O).</summary>
    public int Outstanding => _leases?.Outstanding ?? 0;

    /// <inheritdoc/>
    public override bool IsPinned => _leases is { IsEmpty: false };

    /// <summary>A key that nobody used: full.</summary>
    public static TokenBucketKey Unused(LimitRule rule, TimeSpan now) => new() { _tokens = rule.Burst, _at = now };

    /// <summary>A key about which nothing is known: empty, and all that may be leased is taken to be out for one ttl.</summary>
    public static TokenBucketKey Unknown(LimitRule rule, TimeSpan now)
    {
        var key = new TokenBucketKey { _at = now };
        key.AddGhost(rule.LeaseCap, now + rule.LeaseTtl);
        return key;
    }

    /// <summary>
    /// Continues what a front-end witnessed. While the witnessed leases could be spent the bucket was at most B - O, so it is
    /// refilled to that only and they stay out for one ttl; older ones ended before, and the bucket went on to B.
    /// </summary>
    public static TokenBucketKey Restored(LimitRule rule, in KeyWitness witness, TimeSpan age, TimeSpan now)
    {
        var sure = LimitRule.SureAge(age);
        var leased = sure < rule.LeaseTtl ? sure : rule.LeaseTtl;
        var key = new TokenBucketKey { _at = now };
        key._tokens = Math.Clamp(witness.Tokens + (rule.Rate * leased.TotalSeconds), 0, Math.Max(0, rule.Burst - witness.Outstanding));
        if (sure > rule.LeaseTtl)
            key._tokens = Math.Min(rule.Burst, key._tokens + (rule.Rate * (sure - rule.LeaseTtl).TotalSeconds));
        else
            key.AddGhost(witness.Outstanding, now + rule.LeaseTtl);
        return key;
    }

    /// <inheritdoc/>
    public override double Charge(LimitRule rule) => rule.Burst - _tokens;

    /// <inheritdoc/>
    public override void Advance(LimitRule rule, TimeSpan now)
    {
        while (_leases is { } leases && leases.NextExpiry <= now)
        {
            RefillUntil(rule, leases.NextExpiry);
            leases.ExpireFirst();
        }

        RefillUntil(rule, now);
    }

    /// <inheritdoc/>
    public override bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (_tokens + Rounding < cost)
            return false;
        _tokens -= cost;
        return true;
    }

    /// <inheritdoc/>
    public override ChargeTicket Hold(int cost, TimeSpan delay) => (_held ??= new HeldTokens(_at)).Add(cost, _at);

    /// <inheritdoc/>
    public override void GiveBack(LimitRule rule, int cost, in ChargeTicket ticket) => _tokens += _held?.Take(cost, ticket) ?? 0;

    /// <inheritdoc/>
    public override void Keep(int cost, in ChargeTicket ticket) => _held?.Take(cost, ticket);

    /// <inheritdoc/>
    public override LeaseTerms Renew(LimitRule rule, in LeaseClaim claim, TimeSpan now)
    {
        var leases = _leases ??= new LeaseBook();
        _tokens += leases.SettleAll(claim);
        var offer = leases.Offer(rule, claim, now);
        var amount = (int)Math.Min(offer.Most, _tokens + Rounding);
        _tokens -= Math.Max(0, amount);
        return leases.Grant(claim, offer, amount, now, rule.LeaseTtl);
    }

    /// <inheritdoc/>
    public override TimeSpan RetryAfter(LimitRule rule, int cost)
    {
        if (cost > rule.Burst || rule.Rate <= 0)
            return TimeSpan.MaxValue;
        var seconds = Math.Max(0, cost - _tokens - (Rounding / 2)) / rule.Rate;
        return TimeSpan.FromTicks(Math.Max(1, (long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond)));
    }

    /// <inheritdoc/>
    public override LimitQuota Quota(LimitRule rule) => rule.QuotaOf(_tokens + Rounding);

    /// <inheritdoc/>
    public override bool IsCoveredBy(LimitKey unseen) => !IsPinned && unseen is TokenBucketKey other && _tokens >= other._tokens;

    /// <inheritdoc/>
    public override void LowerTo(LimitKey other) => _tokens = Math.Min(_tokens, ((TokenBucketKey)other)._tokens);

    /// <inheritdoc/>
    /// <remarks>Nothing to charge: this bucket was kept below what was set aside, and refills from there.</remarks>
    public override void ChargeShare(LimitRule rule, double part)
    {
    }

    /// <inheritdoc/>
    public override void Reset(LimitRule rule, TimeSpan now)
    {
        _tokens = Math.Max(0, rule.Burst - Outstanding);
        _held = null;
    }

    /// <inheritdoc/>
    public override LimitKey Copy() => new TokenBucketKey { _tokens = _tokens, _at = _at, _leases = _leases?.Copy() };

    /// <inheritdoc/>
    public override KeyWitness Witness(long epoch, long version) =>
        new() { Epoch = epoch, Version = version, Tokens = _tokens, Outstanding = Outstanding };

    private void AddGhost(int amount, TimeSpan expiresAt)
    {
        if (amount > 0)
            (_leases ??= new LeaseBook()).Add(new Grant { Holder = "", Amount = amount, ExpiresAt = expiresAt });
    }

    private void RefillUntil(LimitRule rule, TimeSpan time)
    {
        var refilled = time > _at ? _tokens + (rule.Rate * (time - _at).TotalSeconds) : _tokens;
        var room = Math.Max(0, rule.Burst - Outstanding);
        _tokens = Math.Min(refilled, room);
        _held?.Fit(room - _tokens);
        if (_held is { IsEmpty: true })
            _held = null;
        _at = time > _at ? time : _at;
    }
}
