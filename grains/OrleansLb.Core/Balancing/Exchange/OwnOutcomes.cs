namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>The outcomes as last sent, in the order in which they are given, and the sequence at which each was last sent with another value.</summary>
internal sealed class OwnOutcomes
{
    private Slot[] _slots = [];

    /// <summary>Takes the outcomes of a new report in; a backend that is not named is gone.</summary>
    public void Update(ReadOnlySpan<OutcomeEntry> own, long sequence)
    {
        if (!IsInOrder(own))
            Reorder(own);
        for (var i = 0; i < own.Length; i++)
        {
            ref var slot = ref _slots[i];
            if (slot.Entry == own[i])
                continue;
            slot.Entry = own[i];
            slot.ChangedAt = sequence;
        }
    }

    /// <summary>What a reader of the outcomes of a sequence needs to have these; 0 for a reader that has none.</summary>
    public OutcomeEntry[] ChangedSince(long sequence)
    {
        var count = 0;
        foreach (ref readonly var slot in _slots.AsSpan())
            count += slot.IsNewSince(sequence) ? 1 : 0;
        if (count == 0)
            return [];

        var (changed, next) = (new OutcomeEntry[count], 0);
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.IsNewSince(sequence))
                changed[next++] = slot.Entry;
        }

        return changed;
    }

    private bool IsInOrder(ReadOnlySpan<OutcomeEntry> own)
    {
        if (own.Length != _slots.Length)
            return false;
        for (var i = 0; i < own.Length; i++)
        {
            if (own[i].Key != _slots[i].Entry.Key)
                return false;
        }

        return true;
    }

    private void Reorder(ReadOnlySpan<OutcomeEntry> own)
    {
        var known = _slots.ToDictionary(static slot => slot.Entry.Key);
        _slots = new Slot[own.Length];
        for (var i = 0; i < own.Length; i++)
            _slots[i] = known.TryGetValue(own[i].Key, out var slot) ? slot : new Slot { Entry = new OutcomeEntry(own[i].Key, default, 0) };
    }

    private struct Slot
    {
        public OutcomeEntry Entry;
        public long ChangedAt;

        public readonly bool IsNewSince(long sequence) => ChangedAt > sequence && Entry.Counters.Answers > 0;
    }
}
