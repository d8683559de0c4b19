namespace OrleansLb.Core.RateLimiting;

/// <summary>The permits of one key that a front-end was given: those of single requests and spent leases, and the leases that it still has.</summary>
internal sealed class KeptAdmissions
{
    // Coarser than at the range: it matters only after the range has lost its silo, and is kept by every front-end.
    private const int Cells = 8;

    private readonly AdmissionLog _log = new();
    private readonly List<KeptLease> _leases = [];

    /// <summary>Whether nothing of it counts any more.</summary>
    public bool IsEmpty => _log.Count == 0 && _leases.Count == 0;

    /// <summary>From when its permits count, which may be yet to come, and how many they are.</summary>
    public IEnumerable<(TimeSpan At, int Count)> Permits => _log.Cells.Concat(_leases.Select(static lease => (lease.EndsAt, lease.Open)));

    /// <summary>Notes permits of a request.</summary>
    public void Add(LimitRule rule, int cost, TimeSpan now)
    {
        _log.ForgetUntil(now - rule.Horizon);
        _log.Add(now, cost, rule.Window / Cells);
    }

    /// <summary>Notes what was reported of leases, and the lease that came for it. A report that was not answered is as good as never made.</summary>
    public void Settle(LimitRule rule, in LeaseRenewal renewal, in LeaseGrant grant, in RangeCall call)
    {
        foreach (var report in renewal.Reports)
            Settle(rule, report, call.SentAt);
        if (grant.Amount > 0)
            _leases.Add(new KeptLease(call.Epoch, grant.GrantId, grant.Amount, 0, 0, LimitRule.LeaseDeadline(call.SentAt, grant.Length)));
        ForgetUntil(call.ReceivedAt - rule.Horizon);
    }

    /// <summary>Forgets what counts from a time or before.</summary>
    public void ForgetUntil(TimeSpan time)
    {
        _log.ForgetUntil(time);
        _leases.RemoveAll(lease => lease.EndsAt <= time);
    }

    private void Settle(LimitRule rule, GrantReport report, TimeSpan sentAt)
    {
        var index = _leases.FindIndex(lease => lease.Epoch == report.Epoch && lease.GrantId == report.GrantId);
        if (index < 0)
            return;
        var lease = _leases[index];
        var spent = report.Spent - lease.Spent;
        if (spent > 0)
            _log.Add(sentAt - report.SpentAge, spent, rule.Window / Cells);
        // What was given back before this report is out of it; what was not spent and not given back is still open.
        var open = lease.Open - spent - (report.Returned - lease.Returned);
        if (open <= 0)
            _leases.RemoveAt(index);
        else
            _leases[index] = lease with { Open = open, Spent = report.Spent, Returned = report.Returned };
    }
}
