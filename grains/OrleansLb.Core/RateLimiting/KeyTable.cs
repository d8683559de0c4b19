namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// The keys of one range, bounded. A key without an entry is in the state <c>unseen</c>, which normally is "never used"; it is less
/// after a restart about which too little is known, while shares are set aside, and when used keys had to be evicted. So a
/// full table makes new keys start with less, and never lets a limited key go free.
/// </summary>
internal sealed class KeyTable(int capacity, LimitKey unseen)
{
    private readonly Dictionary<RateLimitKey, LimitKey> _keys = [];

    /// <summary>Most keys with an entry.</summary>
    public int Capacity { get; set; } = capacity;

    /// <summary>Keys with an entry.</summary>
    public int Count => _keys.Count;

    /// <summary>State of every key without an entry.</summary>
    public LimitKey Unseen => unseen;

    /// <summary>The state of a key at a time; null when the table is full of keys that cannot be evicted.</summary>
    public LimitKey? Find(LimitRule rule, RateLimitKey key, TimeSpan now)
    {
        if (_keys.TryGetValue(key, out var known))
        {
            known.Advance(rule, now);
            return known;
        }

        if (_keys.Count >= Capacity)
            MakeRoom(rule, now);
        if (_keys.Count >= Capacity)
            return null;
        unseen.Advance(rule, now);
        return _keys[key] = unseen.Copy();
    }

    /// <summary>The state of a key at a time, if it has an entry.</summary>
    public LimitKey? FindKnown(LimitRule rule, RateLimitKey key, TimeSpan now)
    {
        if (_keys.GetValueOrDefault(key) is not { } known)
            return null;
        known.Advance(rule, now);
        return known;
    }

    /// <summary>The keys of which most is used at a time, the most used first; keys that are as good as unused are none of them.</summary>
    public IEnumerable<(RateLimitKey Key, LimitKey State)> MostUsed(LimitRule rule, int count, TimeSpan now)
    {
        var used = new PriorityQueue<(RateLimitKey Key, LimitKey State), double>();
        foreach (var (key, state) in _keys)
        {
            state.Advance(rule, now);
            if (state.Charge(rule) is > 0 and var charge)
                used.Enqueue((key, state), charge);
            if (used.Count > count)
                used.Dequeue();
        }

        var most = new List<(RateLimitKey Key, LimitKey State)>(used.Count);
        while (used.TryDequeue(out var least, out _))
            most.Add(least);
        most.Reverse();
        return most;
    }

    /// <summary>Sets the state of a key that is restored; beyond the capacity its charge goes to all unseen keys.</summary>
    public void Restore(LimitRule rule, RateLimitKey key, LimitKey state, TimeSpan now)
    {
        _keys[key] = state;
        if (_keys.Count > Capacity)
            MakeRoom(rule, now);
    }

    /// <summary>Brings every key up to a time, and drops those that are as good as unseen.</summary>
    public void Sweep(LimitRule rule, TimeSpan now)
    {
        unseen.Advance(rule, now);
        foreach (var (key, state) in _keys)
        {
            state.Advance(rule, now);
            if (!state.IsPinned && state.IsCoveredBy(unseen))
                _keys.Remove(key);
        }
    }

    /// <summary>Charges every key, seen or not.</summary>
    public void ChargeShare(LimitRule rule, double part)
    {
        unseen.ChargeShare(rule, part);
        foreach (var state in _keys.Values)
            state.ChargeShare(rule, part);
    }

    // An eighth at a time, so that the cost of a scan is spread over many new keys. The least charged keys go: forgetting them
    // lowers what unseen keys start with by the least.
    private void MakeRoom(LimitRule rule, TimeSpan now)
    {
        Sweep(rule, now);
        var excess = _keys.Count - (Capacity - Math.Max(1, Capacity / 8));
        if (excess <= 0)
            return;
        var evicted = _keys.Where(static pair => !pair.Value.IsPinned).OrderBy(pair => pair.Value.Charge(rule)).Take(excess).ToList();
        foreach (var (key, state) in evicted)
        {
            unseen.LowerTo(state);
            _keys.Remove(key);
        }
    }
}
