namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// A front-end's side of its conversation with one range: numbers requests, drops replies that must not count, and remembers what
/// the range said so that it can be restored. Thread-safe; none of it is on the path of a leased request.
/// </summary>
/// <param name="holder">Front-end id.</param>
/// <param name="incarnation">Raised at every start of the front-end.</param>
/// <param name="rule">The policy's numbers.</param>
/// <param name="capacity">Most keys remembered; beyond it the memory calls itself incomplete for one horizon.</param>
public sealed class RangeChannel(string holder, long incarnation, LimitRule rule, int capacity)
{
    private readonly Lock _lock = new();
    private RangeMemory _memory = RangeMemory.Of(rule);
    private LimitRule _rule = rule;
    private RangeRequest? _outstanding;
    private long _seq;
    private long _ackedEpoch;
    private long _ackedSeq;
    private long _fence;
    private TimeSpan _completeFrom = TimeSpan.MinValue;

    /// <summary>When the newest request was sent.</summary>
    public TimeSpan SentAt { get; private set; }

    /// <summary>Average time of a call; 1 ms until measured.</summary>
    public TimeSpan RoundTrip { get; private set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>N of the share 1/N that the range stated last; 0 when it never did.</summary>
    public int ShareParts { get; private set; }

    /// <summary>Takes over new numbers of the policy.</summary>
    /// <param name="changed">The policy's numbers.</param>
    /// <param name="now">The time.</param>
    public void Reconfigure(LimitRule changed, TimeSpan now)
    {
        lock (_lock)
        {
            // What the shorter horizon let it forget may matter to the longer one, and counts of another algorithm or window say nothing.
            var isOther = changed.Algorithm != _rule.Algorithm || changed.Window != _rule.Window;
            if (isOther)
                _memory = RangeMemory.Of(changed);
            if (isOther || changed.Horizon > _rule.Horizon)
                _completeFrom = now + changed.Horizon;
            _rule = changed;
        }
    }

    /// <summary>
    /// Notes that this front-end admitted something of the range without asking it. No reply tells of that, so for one horizon what is remembered is not
    /// everything.
    /// </summary>
    /// <param name="now">The time.</param>
    public void AdmittedAlone(TimeSpan now)
    {
        lock (_lock)
            _completeFrom = now + _rule.Horizon > _completeFrom ? now + _rule.Horizon : _completeFrom;
    }

    /// <summary>Begins a request; one begun before and not answered is given up.</summary>
    /// <param name="acquires">Requests to decide.</param>
    /// <param name="renewals">Leases to settle and renew.</param>
    /// <param name="settlements">What became of charges that could be given back; not to be said again when this is not answered.</param>
    /// <param name="now">The time it is sent.</param>
    public RangeRequest Begin(AcquireEntry[] acquires, LeaseRenewal[] renewals, ChargeSettlement[] settlements, TimeSpan now)
    {
        lock (_lock)
        {
            SentAt = now;
            var request = new RangeRequest
            {
                Holder = holder,
                Incarnation = incarnation,
                Seq = ++_seq,
                AckedEpoch = _ackedEpoch,
                AckedSeq = _ackedSeq,
                LeastEpoch = _fence,
                Acquires = acquires,
                Renewals = renewals,
                Settlements = settlements,
            };
            _outstanding = request;
            return request;
        }
    }

    /// <summary>Notes when the outstanding request really left, where it had to wait after it was begun. The range must not have heard it before.</summary>
    /// <param name="at">The time.</param>
    public void Sent(TimeSpan at)
    {
        lock (_lock)
        {
            if (_outstanding is not null && at > SentAt)
                SentAt = at;
        }
    }

    /// <summary>Takes a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="now">The time it was received.</param>
    /// <returns>False when nothing in it may be used: it answers no outstanding request, or comes from an activation that was replaced.</returns>
    public bool TryAccept(in RangeReply reply, TimeSpan now)
    {
        lock (_lock)
        {
            if (_outstanding is not { } request || request.Seq != reply.Seq || !reply.IsApplied || reply.Epoch < _fence)
                return false;
            _outstanding = null;
            _fence = reply.Epoch;
            (_ackedEpoch, _ackedSeq) = (reply.Epoch, reply.Seq);
            ShareParts = reply.ShareParts;
            RoundTrip += (now - SentAt - RoundTrip) / 8;
            Remember(request, reply, now);
            return true;
        }
    }

    /// <summary>
    /// Answers a new activation. From then on replies of earlier ones are refused: what the answer does not tell must not be
    /// admitted.
    /// </summary>
    /// <param name="epoch">Epoch that the activation proposes.</param>
    /// <param name="now">The time.</param>
    public RestoreAnswer Restore(long epoch, TimeSpan now)
    {
        lock (_lock)
        {
            var newest = Math.Max(_ackedEpoch, _fence);
            _fence = Math.Max(epoch, _ackedEpoch + 1);
            _memory.ForgetUntil(now - _rule.Horizon);
            return new RestoreAnswer(now >= _completeFrom, newest, [.. _memory.Rows(now)]);
        }
    }

    private void Remember(in RangeRequest request, in RangeReply reply, TimeSpan now)
    {
        for (var index = 0; index < reply.Decisions.Length; index++)
        {
            if (!_memory.HoldsRefusals && !reply.Decisions[index].IsAdmitted)
                continue;
            MakeRoomFor(request.Acquires[index].Key, now);
            _memory.Decided(_rule, request.Acquires[index], reply.Decisions[index], now);
        }

        var call = new RangeCall(reply.Epoch, SentAt, now);
        for (var index = 0; index < reply.Grants.Length; index++)
        {
            MakeRoomFor(reply.Grants[index].Key, now);
            _memory.Granted(_rule, request.Renewals[index], reply.Grants[index], call);
        }
    }

    // All at once, because remembering some would be incomplete as well and a scan for every new key would be dear.
    private void MakeRoomFor(RateLimitKey key, TimeSpan now)
    {
        if (_memory.Count < capacity || _memory.Contains(key))
            return;
        _memory.ForgetUntil(now - _rule.Horizon);
        if (_memory.Count < capacity - (capacity / 8))
            return;
        _memory.Clear();
        _completeFrom = now + _rule.Horizon;
    }
}
