using System.Runtime.InteropServices;

namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>The outcomes as last sent, and the sequence at which each entry was last sent with another value.</summary>
internal sealed class OwnOutcomes
{
    private readonly Dictionary<BackendKey, Slot> _slots = [];

    /// <summary>Takes the outcomes of a new report in; a backend that is not named is gone.</summary>
    public void Update(ReadOnlySpan<OutcomeEntry> own, long sequence)
    {
        var named = 0;
        foreach (var entry in own)
        {
            if (entry.Counters.Answers == 0)
                continue;
            named++;
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, entry.Key, out _);
            if (slot.Entry != entry)
                slot.ChangedAt = sequence;
            slot.Entry = entry;
            slot.NamedAt = sequence;
        }

        if (_slots.Count > named)
            Forget(sequence);
    }

    /// <summary>What a reader of the outcomes of a sequence needs to have these; 0 for a reader that has none.</summary>
    public OutcomeEntry[] ChangedSince(long sequence)
    {
        var count = 0;
        foreach (var slot in _slots.Values)
            count += slot.ChangedAt > sequence ? 1 : 0;
        if (count == 0)
            return [];

        var changed = new OutcomeEntry[count];
        foreach (var slot in _slots.Values)
        {
            if (slot.ChangedAt > sequence)
                changed[--count] = slot.Entry;
        }

        return changed;
    }

    private void Forget(long sequence)
    {
        foreach (var (key, slot) in _slots)
        {
            if (slot.NamedAt != sequence)
                _slots.Remove(key);
        }
    }

    private record struct Slot(OutcomeEntry Entry, long ChangedAt, long NamedAt);
}
