namespace OrleansLb.Core.RateLimiting;

/// <summary>State of one key of one algorithm. Every call advances it to <c>now</c> first; time never runs backwards.</summary>
internal abstract class LimitKey
{
    /// <summary>Whether something outside (a lease) still refers to this state, so that it must not be dropped.</summary>
    public virtual bool IsPinned => false;

    /// <summary>How much would be given away by forgetting this key: 0 for one as good as never used.</summary>
    public abstract double Charge(LimitRule rule);

    /// <summary>Brings the state up to a time and inside the rule's bounds.</summary>
    public abstract void Advance(LimitRule rule, TimeSpan now);

    /// <summary>Admits or refuses; call <see cref="Advance"/> before.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="cost">Permits needed.</param>
    /// <param name="delay">How long what is admitted has to wait for its turn; zero but for a leaky bucket.</param>
    public abstract bool TryAcquire(LimitRule rule, int cost, out TimeSpan delay);

    /// <summary>Notes that what was admitted just now may be given back.</summary>
    /// <param name="cost">Permits that were taken.</param>
    /// <param name="delay">How long it has to wait for its turn.</param>
    public abstract ChargeTicket Hold(int cost, TimeSpan delay);

    /// <summary>
    /// Takes back a charge whose request did not go on, as far as that admits no more than if it had never been made; call
    /// <see cref="Advance"/> before.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="cost">Permits that were taken.</param>
    /// <param name="ticket">What <see cref="Hold"/> returned, in this activation and since shares of the limit were last set aside or returned.</param>
    public abstract void GiveBack(LimitRule rule, int cost, in ChargeTicket ticket);

    /// <summary>Notes that a charge will not be given back; call <see cref="Advance"/> before.</summary>
    /// <param name="cost">Permits that were taken.</param>
    /// <param name="ticket">What <see cref="Hold"/> returned.</param>
    public virtual void Keep(int cost, in ChargeTicket ticket)
    {
    }

    /// <summary>Settles what a holder reports of its leases and grants it what it may have; call <see cref="Advance"/> before.</summary>
    /// <param name="rule">The rule, without what is set aside for others.</param>
    /// <param name="claim">What the holder reports and wants.</param>
    /// <param name="now">The time.</param>
    public abstract LeaseTerms Renew(LimitRule rule, in LeaseClaim claim, TimeSpan now);

    /// <summary>How long until the same cost would be admitted if nobody else asks; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public abstract TimeSpan RetryAfter(LimitRule rule, int cost);

    /// <summary>What is left, for the information of clients; call <see cref="Advance"/> before.</summary>
    public abstract LimitQuota Quota(LimitRule rule);

    /// <summary>Whether dropping this state and starting from <paramref name="unseen"/> again would admit nothing more.</summary>
    public abstract bool IsCoveredBy(LimitKey unseen);

    /// <summary>Lowers this state until it admits no more than <paramref name="other"/> would; both are at the same time.</summary>
    public abstract void LowerTo(LimitKey other);

    /// <summary>Charges a share of the limit that somebody outside may just have used up.</summary>
    public abstract void ChargeShare(LimitRule rule, double part);

    /// <summary>Becomes as good as never used, but for what is leased; call <see cref="Advance"/> before.</summary>
    public abstract void Reset(LimitRule rule, TimeSpan now);

    /// <summary>An independent copy.</summary>
    public abstract LimitKey Copy();

    /// <summary>What a reply tells about this state.</summary>
    public abstract KeyWitness Witness(long epoch, long version);
}
