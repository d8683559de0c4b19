using System.Runtime.InteropServices;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>The leases of one key that are out, in order of expiry, and the demand that its holders announced.</summary>
internal sealed class LeaseBook
{
    private readonly List<Grant> _grants = [];
    private readonly Dictionary<string, (double Demand, TimeSpan At)> _demands = [];

    /// <summary>Tokens out and not reported: what the holders together can still spend at most.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Whether no lease is out.</summary>
    public bool IsEmpty => _grants.Count == 0;

    /// <summary>When the first lease ends; <see cref="TimeSpan.MaxValue"/> without one.</summary>
    public TimeSpan NextExpiry => IsEmpty ? TimeSpan.MaxValue : _grants[0].ExpiresAt;

    /// <summary>When the last lease ends; <see cref="TimeSpan.MinValue"/> without one.</summary>
    public TimeSpan LastExpiry => IsEmpty ? TimeSpan.MinValue : _grants[^1].ExpiresAt;

    /// <summary>Adds a lease.</summary>
    public void Add(in Grant grant)
    {
        var index = _grants.Count;
        while (index > 0 && _grants[index - 1].ExpiresAt > grant.ExpiresAt)
            index--;
        _grants.Insert(index, grant);
        Outstanding += grant.Open;
    }

    /// <summary>Forgets the first lease: what was not reported of it counts as spent.</summary>
    /// <returns>How much that was.</returns>
    public int ExpireFirst()
    {
        var open = _grants[0].Open;
        Outstanding -= open;
        _grants.RemoveAt(0);
        return open;
    }

    /// <summary>Forgets the leases that ended until a time, where it is not needed to know what was left of them.</summary>
    public void ExpireUntil(TimeSpan now)
    {
        while (NextExpiry <= now)
            ExpireFirst();
    }

    /// <summary>Takes over what a holder says about one of its leases; one that ended, or of another activation, is not changed any more.</summary>
    /// <returns>Tokens spent and given back that were not known to be.</returns>
    public (int Spent, int Returned) Settle(in LeaseClaim claim, in GrantReport report)
    {
        var (id, holder) = (report.GrantId, claim.Holder);
        var index = report.Epoch == claim.Epoch ? _grants.FindIndex(grant => grant.Id == id && grant.Holder == holder) : -1;
        if (index < 0 || report.Spent < 0 || report.Returned < 0 || (long)report.Spent + report.Returned > _grants[index].Amount)
            return (0, 0);

        var grant = _grants[index];
        var (spent, returned) = (Math.Max(0, report.Spent - grant.Spent), Math.Max(0, report.Returned - grant.Returned));
        grant.Spent += spent;
        grant.Returned += returned;
        Outstanding -= spent + returned;
        if (grant.Open == 0)
            _grants.RemoveAt(index);
        else
            _grants[index] = grant;
        return (spent, returned);
    }

    /// <summary>Settles everything that a holder says.</summary>
    /// <returns>Tokens given back that were not known to be.</returns>
    public int SettleAll(in LeaseClaim claim)
    {
        var returned = 0;
        foreach (ref readonly var report in claim.Renewal.Reports.AsSpan())
            returned += Settle(claim, report).Returned;
        return returned;
    }

    /// <summary>Notes what a holder wants, and says what it may have of what may be leased; settle what it reports before.</summary>
    public LeaseOffer Offer(LimitRule rule, in LeaseClaim claim, TimeSpan now)
    {
        var (part, holders) = Announce(claim.Holder, claim.Renewal.Demand, now, rule.LeaseTtl);
        var mayLease = rule.Mode == RateLimitMode.Leased || LeaseChoice.IsEnoughFor(rule, holders);
        if (claim.Renewal.Want <= 0 || !mayLease)
            return new LeaseOffer(0, part, holders);
        var fair = Math.Max(1, Math.Min(claim.Renewal.Want, rule.LeaseCap * part));
        return new LeaseOffer((int)Math.Max(0, Math.Min(fair, rule.LeaseCap - Outstanding)), part, holders);
    }

    /// <summary>Enters a lease, or nothing, and says what the holder is told.</summary>
    /// <param name="claim">What it asked for.</param>
    /// <param name="offer">What it could have.</param>
    /// <param name="amount">What it gets.</param>
    /// <param name="now">The time.</param>
    /// <param name="length">How long.</param>
    public LeaseTerms Grant(in LeaseClaim claim, in LeaseOffer offer, int amount, TimeSpan now, TimeSpan length)
    {
        if (amount <= 0)
            return new LeaseTerms(0, offer.Holders, TimeSpan.Zero);
        Add(new Grant { Id = claim.GrantId, Holder = claim.Holder, Amount = amount, ExpiresAt = now + length });
        return new LeaseTerms(amount, offer.Holders, length);
    }

    /// <summary>A copy of the leases that belong to nobody known, which is all that a state shared by unseen keys can have.</summary>
    public LeaseBook Copy()
    {
        var copy = new LeaseBook();
        foreach (ref readonly var grant in CollectionsMarshal.AsSpan(_grants))
            copy.Add(grant);
        return copy;
    }

    // Forgets holders that did not renew within a ttl.
    private (double Part, int Holders) Announce(string holder, double demand, TimeSpan now, TimeSpan ttl)
    {
        foreach (var (other, (_, at)) in _demands)
        {
            if (now - at > ttl)
                _demands.Remove(other);
        }

        var mine = double.IsFinite(demand) && demand > 0 ? demand : 0;
        _demands[holder] = (mine, now);
        var total = 0.0;
        foreach (var (_, (each, _)) in _demands)
            total += each;
        return (total > 0 ? mine / total : 1.0 / _demands.Count, _demands.Count);
    }
}
