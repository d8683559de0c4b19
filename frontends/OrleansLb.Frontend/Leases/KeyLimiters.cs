using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>
/// The keys of one policy that this front-end knows, up to a bound. Counted beside the table, because the table's own count takes all
/// of its locks, and a flood of invented keys would ask for it with every request.
/// </summary>
internal sealed class KeyLimiters(int capacity)
{
    private readonly ConcurrentDictionary<RateLimitKey, KeyLimiter> _limiters = new();
    private int _count;

    /// <summary>Finds a key, or adds it where there is room; threads that add at once may pass the bound by their number.</summary>
    public bool TryGet(LimitRule rule, RateLimitKey key, [MaybeNullWhen(false)] out KeyLimiter limiter)
    {
        if (_limiters.TryGetValue(key, out limiter))
            return true;
        if (Volatile.Read(ref _count) >= capacity)
            return false;

        var added = new KeyLimiter(rule, key);
        limiter = _limiters.GetOrAdd(key, added);
        if (ReferenceEquals(limiter, added))
            Interlocked.Increment(ref _count);
        return true;
    }

    /// <summary>Forgets keys that have not been used for a while.</summary>
    public void Prune(TimeSpan now, TimeSpan idleAfter)
    {
        foreach (var (key, limiter) in _limiters)
        {
            if (now - limiter.UsedAt > idleAfter && _limiters.TryRemove(key, out _))
                Interlocked.Decrement(ref _count);
        }
    }
}
