using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Concurrency.Keys;

/// <content>The keys that have or want slots here.</content>
public sealed partial class KeySlotHolder
{
    private KeySlots? EntryOf_NeedsLock(RateLimitKey key, TimeSpan now)
    {
        if (_entries.TryGetValue(key, out var known))
            return known;
        if (_count >= MostKeys && _isAlone)
            CloseUnused_NeedsLock();
        if (_count >= MostKeys)
            return null;
        var added = new KeySlots(this, key, now);
        if (_isAlone)
            added.Allow(Share);
        _count++;
        return _entries[key] = added;
    }

    private void Sweep_NeedsLock(TimeSpan now)
    {
        foreach (var slots in _entries.Values)
        {
            if (slots.IsOver && now >= slots.FullUntil)
                Remove_NeedsLock(slots);
        }
    }

    // The first report to whoever answers tells all there is, so what is gone by then need not be told.
    private void CloseUnused_NeedsLock()
    {
        foreach (var slots in _entries.Values)
        {
            if (slots.TryClose())
                Remove_NeedsLock(slots);
        }
    }

    private void Remove_NeedsLock(KeySlots slots)
    {
        if (_entries.TryRemove(slots.Key, out _))
            _count--;
    }
}
