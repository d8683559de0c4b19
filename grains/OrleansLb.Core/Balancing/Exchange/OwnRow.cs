using System.Runtime.InteropServices;

namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>The row as last sent, and the sequence at which each entry was last sent with another value.</summary>
internal sealed class OwnRow
{
    private readonly Dictionary<BackendKey, Slot> _slots = [];

    public LoadEntry Sent(BackendKey key) => _slots.GetValueOrDefault(key).Entry;

    /// <summary>Takes the counts of a new report in; a backend that is not named has nothing in flight.</summary>
    public void Update(ReadOnlySpan<LoadEntry> own, long sequence)
    {
        foreach (var entry in own)
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, entry.Key, out var known);
            if (known ? slot.Entry != entry : !entry.IsZero)
                slot.ChangedAt = sequence;
            slot.Entry = entry;
            slot.NamedAt = sequence;
        }

        foreach (var (key, slot) in _slots)
        {
            if (slot.NamedAt != sequence && !slot.Entry.IsZero)
                _slots[key] = slot with { Entry = new LoadEntry(key, 0, 0), ChangedAt = sequence };
        }
    }

    /// <summary>What a reader of the vector of a sequence needs to have this one; 0 for a reader that has none.</summary>
    public LoadEntry[] ChangedSince(long sequence)
    {
        var changed = new List<LoadEntry>();
        foreach (var slot in _slots.Values)
        {
            if (sequence == 0 ? !slot.Entry.IsZero : slot.ChangedAt > sequence)
                changed.Add(slot.Entry);
        }

        return [.. changed];
    }

    public Dictionary<BackendKey, LoadEntry> NonZero()
    {
        var entries = new Dictionary<BackendKey, LoadEntry>();
        foreach (var (key, slot) in _slots)
        {
            if (!slot.Entry.IsZero)
                entries.Add(key, slot.Entry);
        }

        return entries;
    }

    /// <summary>Forgets backends that are gone, once the pool knows that nothing is in flight there.</summary>
    public void Forget(long acknowledged, long sequence)
    {
        foreach (var (key, slot) in _slots)
        {
            if (slot.NamedAt != sequence && slot.Entry.IsZero && slot.ChangedAt <= acknowledged)
                _slots.Remove(key);
        }
    }

    private record struct Slot(LoadEntry Entry, long ChangedAt, long NamedAt);
}
