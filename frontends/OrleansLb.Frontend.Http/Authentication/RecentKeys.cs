using System.Collections.Concurrent;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Remembers keys for a short time, and no more than so many. Thread-safe.</summary>
/// <param name="most">How many, at most twice as many for a moment.</param>
/// <param name="life">How long.</param>
/// <param name="clock">Tells time.</param>
internal sealed class RecentKeys(int most, TimeSpan life, TimeProvider clock)
{
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    public bool Has(PasswordKey key) =>
        (_young.Keys.TryGetValue(key, out var at) || _old.Keys.TryGetValue(key, out at)) && clock.GetElapsedTime(at) < life;

    public void Add(PasswordKey key)
    {
        var young = _young;
        if (Interlocked.Increment(ref young.Added) > most)
            (_old, _young) = (young, young = new Generation());
        young.Keys[key] = clock.GetTimestamp();
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<PasswordKey, long> Keys = [];
        public int Added;
    }
}
