namespace OrleansLb.Core.Concurrency.Keys;

/// <content>The conversation with the range.</content>
public sealed partial class KeySlotHolder
{
    /// <summary>Begins a report; the answer to one begun before it is given up.</summary>
    /// <param name="now">The time it is sent.</param>
    public KeySlotReport Begin(TimeSpan now)
    {
        lock (_lock)
        {
            LapseIfDue_NeedsLock(now);
            (_sentAt, _hasFailed, _toldAll) = (now, false, _tellsAll);
            _outstanding = ++_sequence;
            var claimed = new List<(KeySlots Slots, SlotNumbers Numbers)>();
            foreach (var slots in _entries.Values)
            {
                var numbers = slots.Count(LeastRate, _isAlone, now);
                if (!_tellsAll && !slots.IsNews(numbers))
                    continue;
                slots.Claimed(_sequence);
                claimed.Add((slots, numbers));
            }

            _claimed = [.. claimed];
            return Report_NeedsLock(Array.ConvertAll(_claimed, static each => new KeySlotClaim(each.Slots.Key, each.Numbers)), _toldAll);
        }
    }

    /// <summary>Takes an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time it was received.</param>
    /// <returns>False when it changes nothing: it answers no report that is outstanding, came when its lease had ended, or is of an activation that was replaced.</returns>
    public bool TryAccept(KeySlotAnswer answer, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        lock (_lock)
        {
            LapseIfDue_NeedsLock(now);
            if (answer.Sequence != _outstanding || answer.Epoch < _fence || answer.Grants.Length != _claimed.Length || now >= _sentAt + SlotLease.HolderTime)
                return false;
            _outstanding = 0;
            ShareParts = Math.Max(1, answer.ShareParts);
            // One that began since the last answer knows what this report told it and nothing else, so the lease of the rest is not renewed yet.
            var isKnown = _toldAll || answer.Epoch == _epoch;
            (_epoch, _fence) = (answer.Epoch, answer.Epoch);
            if (isKnown)
                Renew_NeedsLock();
            else
                TellAll_NeedsLock();
            Take_NeedsLock(answer, now);
            return true;
        }
    }

    /// <summary>Gives up the answer to the newest report.</summary>
    public void Abandon()
    {
        lock (_lock)
            (_outstanding, _hasFailed) = (0, true);
    }

    /// <summary>Answers a new activation. From then on answers of those before are refused: what this does not tell must not be used.</summary>
    /// <param name="epoch">Epoch that the activation proposes.</param>
    /// <param name="now">The time.</param>
    public KeySlotRecall Recall(long epoch, TimeSpan now)
    {
        lock (_lock)
        {
            LapseIfDue_NeedsLock(now);
            var newest = Math.Max(_epoch, _fence);
            // Asked once more by the same one, it may have been answered by it already.
            if (epoch != _recalledBy)
                (_recalledBy, _fence) = (epoch, Math.Max(epoch, _epoch + 1));
            var claims = _entries.Values.Select(slots => new KeySlotClaim(slots.Key, new SlotNumbers(_isAlone ? 0 : slots.Allowed, slots.InUse, 0, 0)));
            return new KeySlotRecall(newest, Report_NeedsLock([.. claims], isWhole: true));
        }
    }

    private KeySlotReport Report_NeedsLock(KeySlotClaim[] claims, bool isWhole) => new()
    {
        FrontendId = _frontendId,
        Incarnation = _incarnation,
        Sequence = _sequence,
        LeastEpoch = _fence,
        IsWhole = isWhole,
        Claims = claims,
    };

    private void Renew_NeedsLock()
    {
        if (_isAlone)
        {
            // Those that came since the report were let in by the share alone.
            foreach (var slots in _entries.Values)
                slots.Allow(0);
        }

        Volatile.Write(ref _isAlone, false);
        Volatile.Write(ref _isLeased, true);
        _tellsAll = false;
        Volatile.Write(ref _lapsesAt, (_sentAt + SlotLease.HolderTime).Ticks);
    }

    private void Take_NeedsLock(KeySlotAnswer answer, TimeSpan now)
    {
        for (var index = 0; index < _claimed.Length; index++)
        {
            var (slots, numbers) = _claimed[index];
            // One that does not know who holds what has not refused anybody.
            slots.Granted(numbers, answer.Grants[index], answer.IsComplete ? _rule.QueueLimit : int.MaxValue);
            if (answer.IsComplete && slots.RefuseAsked(answer.Sequence, _rule.QueueLimit, KeySlotOutcome.Refused))
                slots.IsFullUntil(now + KeySlotPace.RefusalMemory);
        }

        _claimed = [];
    }

    // Nothing is held, so nothing can lapse; the next report is a first one.
    private void Rest_NeedsLock()
    {
        Volatile.Write(ref _lapsesAt, long.MaxValue);
        Volatile.Write(ref _isAlone, false);
        Volatile.Write(ref _isLeased, false);
        (_outstanding, _tellsAll, _hasFailed, _sentAt) = (0, true, false, TimeSpan.MinValue);
    }

    private void TellAll_NeedsLock()
    {
        _tellsAll = true;
        foreach (var slots in _entries.Values)
            slots.Untold();
    }
}
