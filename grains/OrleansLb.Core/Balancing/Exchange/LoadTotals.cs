namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>Sums over rows, and the version at which each sum last changed.</summary>
internal sealed class LoadTotals
{
    // Backends that left are kept as zeros so that changes can name them; beyond this many they go, and readers that
    // have not seen the version before get all totals.
    private const int MaxZeros = 64;

    private readonly Dictionary<BackendKey, Sum> _sums = [];
    private long _oldestBase = 1;
    private int _zeros;

    public void Add(BackendKey key, long requests, long connections, long version)
    {
        if (requests == 0 && connections == 0)
            return;
        var known = _sums.TryGetValue(key, out var sum);
        var next = new Sum(sum.Requests + requests, sum.Connections + connections, version);
        _sums[key] = next;
        _zeros += (next.IsZero ? 1 : 0) - (known && sum.IsZero ? 1 : 0);
    }

    /// <summary>Whether the changes since a version are known.</summary>
    public bool Knows(long version) => version >= _oldestBase;

    public LoadEntry[] ChangedSince(long version)
    {
        var changed = new List<LoadEntry>();
        foreach (var (key, sum) in _sums)
        {
            if (sum.Version > version)
                changed.Add(sum.ToEntry(key));
        }

        return [.. changed];
    }

    public LoadEntry Of(BackendKey key) => _sums.TryGetValue(key, out var sum) ? sum.ToEntry(key) : new LoadEntry(key, 0, 0);

    public LoadEntry[] All()
    {
        var all = new List<LoadEntry>(_sums.Count - _zeros);
        foreach (var (key, sum) in _sums)
        {
            if (!sum.IsZero)
                all.Add(sum.ToEntry(key));
        }

        return [.. all];
    }

    /// <summary>Forgets backends without load when there are many.</summary>
    public void Compact(long version)
    {
        if (_zeros <= MaxZeros)
            return;
        foreach (var (key, sum) in _sums)
        {
            if (sum.IsZero)
                _sums.Remove(key);
        }

        _zeros = 0;
        _oldestBase = version;
    }

    private readonly record struct Sum(long Requests, long Connections, long Version)
    {
        public bool IsZero => Requests == 0 && Connections == 0;

        public LoadEntry ToEntry(BackendKey key) => new(key, Saturate(Requests), Saturate(Connections));

        private static int Saturate(long value) => (int)Math.Min(value, int.MaxValue);
    }
}
