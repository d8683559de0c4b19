using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// The arbiter of one hash range of one policy: decides requests exactly, hands out leases as escrow, and sets aside the shares of
/// front-ends that cannot hear it. For one caller at a time. Everything it decides stays inside the single-node limit under
/// loss, delay, repetition and reordering of messages and the death of front-ends; and, if constructed after the activation before
/// it has stopped, under its own death.
/// </summary>
public sealed class RateLimitRange
{
    // Far shorter than the two ttl between setting a share aside and its use.
    private static readonly TimeSpan ReviewInterval = TimeSpan.FromMilliseconds(50);

    private LimitRule _rule;
    private readonly KeyTable _keys;
    private readonly Dictionary<string, ShareHolder> _holders = [];
    private LimitRule _inForce;
    private long _version;
    private long _grants;
    private int _registered = 1;
    private TimeSpan _reviewedAt;
    private TimeSpan _settlesAfter = TimeSpan.MinValue;

    /// <summary>A new activation.</summary>
    /// <param name="rule">The policy's numbers.</param>
    /// <param name="epoch">Higher than that of any activation before; raised further if a row says otherwise.</param>
    /// <param name="capacity">Most keys that get a state of their own.</param>
    /// <param name="restored">What the front-ends know.</param>
    /// <param name="now">The time, at which the activation before has stopped deciding.</param>
    public RateLimitRange(LimitRule rule, long epoch, int capacity, RestoreOutcome restored, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _rule = rule;
        _inForce = rule;
        Epoch = Math.Max(epoch, restored.NewestEpoch + 1);
        _keys = new KeyTable(capacity, restored.IsComplete ? LimitKeys.Unused(rule, now) : LimitKeys.Unknown(rule, now));
        if (restored.IsComplete)
            Restore(restored.Rows, now);
        _reviewedAt = now;
    }

    /// <summary>
    /// Identity of this activation; higher is newer. Raised when a front-end tells of a higher one, which strands the leases
    /// given under the lower: they are spent or lost at their ttl.
    /// </summary>
    public long Epoch { get; private set; }

    /// <summary>Keys with a state of their own.</summary>
    public int KeyCount => _keys.Count;

    /// <summary>The part of every key's limit that is set aside for front-ends that cannot be heard, 0 to 1.</summary>
    public double ReservedPart { get; private set; }

    private int ShareParts => Math.Max(_registered, _holders.Count);

    /// <summary>
    /// Takes over new numbers of the policy: what was admitted and leased under the old ones stays counted. A front-end that still
    /// holds a lease of the old ones spends no more than it was given.
    /// </summary>
    /// <param name="rule">The policy's numbers.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when the counts mean something else under the new rule: a new range is needed.</returns>
    public bool TryReconfigure(LimitRule rule, TimeSpan now)
    {
        if (rule.Algorithm != _rule.Algorithm || rule.Window != _rule.Window || rule.LeaseTtl != _rule.LeaseTtl)
            return false;
        _keys.Sweep(_inForce, now);
        _settlesAfter = now;
        _rule = rule;
        _inForce = rule.Without(ReservedPart);
        _keys.Sweep(_inForce, now);
        ReviewShares(now);
        return true;
    }

    /// <summary>Takes over another bound. If there are more keys now, the next new one makes room.</summary>
    /// <param name="capacity">Most keys that get a state of their own.</param>
    public void Hold(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _keys.Capacity = capacity;
    }

    /// <summary>Decides a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    public RangeReply Handle(in RangeRequest request, TimeSpan now) => Handle(request, new AcquireDecision[request.Acquires.Length], now);

    /// <summary>Decides a request where the reply is done with before the next: at a hundred thousand a second that spares the collector much.</summary>
    /// <param name="request">The request.</param>
    /// <param name="decisions">Takes the reply's decisions; as long as there are requests to decide.</param>
    /// <param name="now">The time.</param>
    public RangeReply Handle(in RangeRequest request, AcquireDecision[] decisions, TimeSpan now)
    {
        var holder = HolderOf(request.Holder);
        if (!holder.TryAccept(request))
            return new RangeReply { Epoch = Epoch, Seq = request.Seq, IsApplied = false, ShareParts = ShareParts };

        if (request.AckedEpoch == Epoch)
            holder.Acknowledged(request.AckedSeq);
        else if (request.AckedEpoch > Epoch)
            Epoch = request.AckedEpoch + 1;
        if (now - _reviewedAt >= ReviewInterval)
            ReviewShares(now);
        // The last first: of turns in a queue only the last can be taken back.
        for (var index = request.Settlements.Length - 1; index >= 0; index--)
            Settle(request.Settlements[index], now);
        var reply = new RangeReply
        {
            Epoch = Epoch,
            Seq = request.Seq,
            IsApplied = true,
            ShareParts = ShareParts,
            Decisions = Acquire(request.Acquires, decisions, now),
            Grants = Renew(request.Holder, request.Renewals, now),
        };
        holder.Replied(request.Seq, ShareParts, now);
        if (request.IsLeaving)
            Forget(request.Holder, now);
        return reply;
    }

    /// <summary>
    /// Takes over what the registry knows. Due at least every lease ttl: a front-end that nobody vouches for and that is idle here
    /// counts as unreachable after two.
    /// </summary>
    /// <param name="frontends">Every registered front-end and every one that vanished and has not returned.</param>
    /// <param name="now">The time.</param>
    public void Observe(IReadOnlyCollection<FrontendPresence> frontends, TimeSpan now)
    {
        foreach (var frontend in frontends)
            HolderOf(frontend.Holder).Observed(now - frontend.SinceProven, frontend.ShareParts);
        _registered = frontends.Count;
        ReviewShares(now);
    }

    /// <summary>Ends what is over, drops keys that are as good as never used. Due about every second.</summary>
    /// <param name="now">The time.</param>
    public void Tick(TimeSpan now)
    {
        ReviewShares(now);
        _keys.Sweep(_inForce, now);
    }

    /// <summary>Stops setting anything aside for a front-end that is known not to serve any more.</summary>
    /// <param name="holder">Front-end id.</param>
    /// <param name="now">The time.</param>
    public void Forget(string holder, TimeSpan now)
    {
        if (_holders.Remove(holder))
            ReviewShares(now);
    }

    /// <summary>The keys of which most is used, the most used first.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="now">The time.</param>
    public KeyUsage[] MostUsed(int count, TimeSpan now) =>
        [.. _keys.MostUsed(_inForce, count, now).Select(each => UsageOf(each.Key, each.State))];

    /// <summary>How much of one key is used; <see langword="null"/> when it has no state of its own, as one that nobody used lately.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The time.</param>
    public KeyUsage? Find(RateLimitKey key, TimeSpan now) =>
        _keys.FindKnown(_inForce, key, now) is { } state ? UsageOf(key, state) : null;

    /// <summary>
    /// Forgets on an operator's word what a key has used, which is the one way for it to get more than its limit. What is out in leases stays out, and
    /// requests that wait for their turn leave all the same.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The time.</param>
    /// <returns>The key as it was; <see langword="null"/> when it has no state of its own.</returns>
    public KeyUsage? Reset(RateLimitKey key, TimeSpan now)
    {
        if (_keys.FindKnown(_inForce, key, now) is not { } state)
            return null;
        var before = UsageOf(key, state);
        state.Reset(_inForce, now);
        // What was held of it is forgotten too, and must not be given back once more.
        _settlesAfter = now;
        return before;
    }

    private KeyUsage UsageOf(RateLimitKey key, LimitKey state) => new(key, state.Charge(_inForce), state.Quota(_inForce));

    private void Restore(IReadOnlyList<RestoreRow> rows, TimeSpan now)
    {
        foreach (var known in rows.GroupBy(static row => row.Key))
        {
            var state = LimitKeys.Restored(_rule, [.. known], now);
            state.Advance(_rule, now);
            _keys.Restore(_rule, known.Key, state, now);
        }
    }

    private AcquireDecision[] Acquire(AcquireEntry[] entries, AcquireDecision[] decisions, TimeSpan now)
    {
        for (var index = 0; index < entries.Length; index++)
            decisions[index] = Acquire(entries[index], now);
        return decisions;
    }

    private AcquireDecision Acquire(in AcquireEntry entry, TimeSpan now)
    {
        if (entry.Cost < 1 || _keys.Find(_inForce, entry.Key, now) is not { } key)
            return new AcquireDecision(false, _rule.LeaseTtl, new KeyWitness { Epoch = Epoch });
        var admitted = key.TryAcquire(_inForce, entry.Cost, out var delay);
        var retryAfter = admitted ? TimeSpan.Zero : RetryAfter(key, entry.Cost);
        return new AcquireDecision(admitted, retryAfter, key.Witness(Epoch, ++_version))
        {
            Delay = delay,
            Ticket = admitted && entry.MayBeGivenBack ? key.Hold(entry.Cost, delay) : default,
            Quota = key.Quota(_inForce),
        };
    }

    // What was charged before the numbers in force changed may have been cut off with them, so it stays.
    private void Settle(in ChargeSettlement settlement, TimeSpan now)
    {
        if (settlement.Epoch != Epoch || settlement.Cost < 1 || settlement.Ticket.At > now || settlement.Ticket.At <= _settlesAfter)
            return;
        if (_keys.FindKnown(_inForce, settlement.Key, now) is not { } key)
            return;
        if (settlement.IsGivenBack)
            key.GiveBack(_inForce, settlement.Cost, settlement.Ticket);
        else
            key.Keep(settlement.Cost, settlement.Ticket);
    }

    // What is only set aside comes back.
    private TimeSpan RetryAfter(LimitKey key, int cost) =>
        !_inForce.MayEverAdmit(cost) && _rule.MayEverAdmit(cost) ? _rule.LeaseTtl : key.RetryAfter(_inForce, cost);

    private LeaseGrant[] Renew(string holder, LeaseRenewal[] renewals, TimeSpan now)
    {
        if (renewals.Length == 0)
            return [];
        var grants = new LeaseGrant[renewals.Length];
        for (var index = 0; index < renewals.Length; index++)
            grants[index] = Renew(holder, renewals[index], now);
        return grants;
    }

    private LeaseGrant Renew(string holder, in LeaseRenewal renewal, TimeSpan now)
    {
        if (_rule.LeaseCap == 0 || _keys.Find(_inForce, renewal.Key, now) is not { } key)
            return new LeaseGrant(renewal.Key, 0, 0, 1, new KeyWitness { Epoch = Epoch });
        var terms = key.Renew(_inForce, new LeaseClaim(holder, renewal, Epoch, _grants + 1), now);
        if (terms.Amount > 0)
            _grants++;
        return new LeaseGrant(renewal.Key, terms.Amount > 0 ? _grants : 0, terms.Amount, terms.Holders, key.Witness(Epoch, ++_version))
        {
            Length = terms.Length,
            Turns = terms.Turns,
            Quota = key.Quota(_inForce),
        };
    }

    private ShareHolder HolderOf(string id)
    {
        if (!_holders.TryGetValue(id, out var holder))
            _holders[id] = holder = new ShareHolder();
        return holder;
    }

    private void ReviewShares(TimeSpan now)
    {
        _reviewedAt = now;
        if (_rule.WhenUnreachable != WhenUnreachable.Share)
        {
            Apply(0, now);
            return;
        }

        var reserved = 0.0;
        foreach (var (id, holder) in _holders)
        {
            if (holder.Review(_rule, now))
                reserved += holder.Part;
            else if (holder.IsOver)
                _holders.Remove(id);
        }

        Apply(Math.Min(1, reserved), now);
    }

    // What was set aside may have been used up until this moment, so keys first come up to now under the old rule. A bucket is
    // then at most what remained of it and refills from there; a window is charged with the whole share.
    private void Apply(double reserved, TimeSpan now)
    {
        if (reserved.Equals(ReservedPart))
            return;
        _keys.Sweep(_inForce, now);
        _settlesAfter = now;
        if (reserved < ReservedPart)
            _keys.ChargeShare(_rule, ReservedPart - reserved);
        ReservedPart = reserved;
        _inForce = _rule.Without(reserved);
        _keys.Sweep(_inForce, now);
    }
}
