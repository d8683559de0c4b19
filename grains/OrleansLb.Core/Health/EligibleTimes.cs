namespace OrleansLb.Core.Health;

/// <summary>
/// Since when each backend of a pool has been taking new traffic, for slow start and for failing back: told by the pool, so that all front-ends count from the same
/// moment. A backend that was never out since the pool is known has no such moment.
/// </summary>
public sealed class EligibleTimes
{
    private readonly Dictionary<BackendKey, Entry> _entries = [];
    private bool _began;

    /// <summary>Takes note of what holds now.</summary>
    /// <param name="published">The pool's newest version.</param>
    /// <param name="now">Monotonic time.</param>
    public void Observe(PoolEligibility published, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(published);
        foreach (var status in published.Backends)
            _entries[status.Key] = Next(status, now);
        if (_entries.Count > published.Backends.Length)
        {
            foreach (var gone in _entries.Keys.Except(published.Backends.Select(static status => status.Key)).ToArray())
                _entries.Remove(gone);
        }

        _began |= published.Backends.Length > 0;
    }

    /// <summary>Since when a backend has been taking new traffic.</summary>
    /// <param name="key">Which backend.</param>
    /// <returns>Monotonic time, of the clock of the observations; <see langword="null"/> when it was never out, or is.</returns>
    public TimeSpan? Since(BackendKey key) => _entries.TryGetValue(key, out var entry) && entry.Takes ? entry.Since : null;

    /// <summary>Goes on from what somebody remembers of an earlier life of the pool; of a backend that is out, nothing is to be remembered.</summary>
    /// <param name="key">Which backend.</param>
    /// <param name="since">Since when it has been taking new traffic.</param>
    public void Restore(BackendKey key, TimeSpan since)
    {
        if (_entries.TryGetValue(key, out var entry) && entry.Takes)
            _entries[key] = entry with { Since = since };
    }

    /// <summary>A version with <see cref="BackendStatus.EligibleSince"/> filled in.</summary>
    /// <param name="eligibility">The version.</param>
    public PoolEligibility Stamp(PoolEligibility eligibility)
    {
        ArgumentNullException.ThrowIfNull(eligibility);
        return eligibility with { Backends = [.. eligibility.Backends.Select(Stamp)] };
    }

    /// <summary>A difference with <see cref="BackendStatus.EligibleSince"/> filled in.</summary>
    /// <param name="delta">The difference.</param>
    public PoolEligibilityDelta Stamp(PoolEligibilityDelta delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        return delta with { Changed = [.. delta.Changed.Select(Stamp)] };
    }

    private BackendStatus Stamp(BackendStatus status) => status with { EligibleSince = Since(status.Key) };

    private Entry Next(in BackendStatus status, TimeSpan now)
    {
        if (!_entries.TryGetValue(status.Key, out var before))
            return new Entry(status.TakesNew, _began && status.TakesNew ? now : null);
        return status.TakesNew && !before.Takes ? new Entry(true, now) : before with { Takes = status.TakesNew };
    }

    private readonly record struct Entry(bool Takes, TimeSpan? Since);
}
