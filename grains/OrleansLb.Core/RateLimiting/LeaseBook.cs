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

    /// <summary>Adds a lease; each expires no earlier than those before it.</summary>
    public void Add(in Grant grant)
    {
        _grants.Add(grant);
        Outstanding += grant.Open;
    }

    /// <summary>Forgets the first lease: what was not reported of it counts as spent.</summary>
    public void ExpireFirst()
    {
        Outstanding -= _grants[0].Open;
        _grants.RemoveAt(0);
    }

    /// <summary>Takes over what a holder says about one of its leases; a lease that ended is not changed any more.</summary>
    /// <returns>Tokens given back by this report.</returns>
    public int Settle(string holder, in GrantReport report)
    {
        var id = report.GrantId;
        var index = _grants.FindIndex(grant => grant.Id == id && grant.Holder == holder);
        if (index < 0 || report.Spent < 0 || report.Returned < 0 || (long)report.Spent + report.Returned > _grants[index].Amount)
            return 0;

        var grant = _grants[index];
        var before = grant.Open;
        var returned = Math.Max(0, report.Returned - grant.Returned);
        grant.Spent = Math.Max(grant.Spent, report.Spent);
        grant.Returned += returned;
        Outstanding += grant.Open - before;
        if (grant.Open == 0)
            _grants.RemoveAt(index);
        else
            _grants[index] = grant;
        return returned;
    }

    /// <summary>Notes the demand of a holder, and forgets holders that did not renew within a ttl.</summary>
    /// <returns>The part of the demand that is this holder's, and how many holders there are.</returns>
    public (double Part, int Holders) Announce(string holder, double demand, TimeSpan now, TimeSpan ttl)
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

    /// <summary>A copy of the leases that belong to nobody known, which is all that a state shared by unseen keys can have.</summary>
    public LeaseBook Copy()
    {
        var copy = new LeaseBook();
        foreach (ref readonly var grant in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_grants))
            copy.Add(grant);
        return copy;
    }
}
