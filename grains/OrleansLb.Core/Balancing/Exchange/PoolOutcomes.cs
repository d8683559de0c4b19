namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>Outcomes over all front-ends, by backend. What a life of the pool begins with is only the level that later reports are compared with.</summary>
internal sealed class PoolOutcomes
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly Dictionary<BackendKey, Backend> _backends = [];
    private readonly HashSet<BackendKey> _failing = [];
    private long _latencyVersion;
    private TimeSpan _sweptAt;

    /// <summary>The sums of one backend.</summary>
    public OutcomeCounters Of(BackendKey key) => _backends.TryGetValue(key, out var backend) ? backend.Counters : default;

    /// <summary>Takes the outcomes of a report in that is being applied to its row.</summary>
    public void Take(FrontendRow row, LoadReport report, long madeAfter, long version, TimeSpan now)
    {
        foreach (var entry in report.Outcomes)
            Take(row, entry, version, now);
        if (report.IsFull)
            ForgetUnnamed(row, report.Outcomes);
        row.HasOutcomes = true;
        row.MadeAfter = madeAfter;
    }

    /// <summary>Backends that failed so often in a row that it may matter.</summary>
    public FailureStreak[] Streaks(int atLeast, IEnumerable<FrontendRow> rows, TimeSpan now)
    {
        if (_failing.Count == 0)
            return [];
        var streaks = new List<FailureStreak>();
        foreach (var key in _failing)
        {
            if (_backends[key].Run is { } run && run.Counted >= atLeast && run.Vouched(rows, now) is var (length, frontends) && length >= atLeast)
                streaks.Add(new FailureStreak(key, length, frontends));
        }

        return [.. streaks];
    }

    /// <summary>Counts the failures of a backend in a row anew.</summary>
    public void ForgetStreak(BackendKey key)
    {
        if (_failing.Remove(key))
            _backends[key].Run.Forget();
    }

    /// <summary>Latencies that readers of a version need to have those of now; those of every backend that has one for version 0.</summary>
    public BackendLatency[] LatenciesSince(long version)
    {
        if (_latencyVersion <= version)
            return [];
        var told = new List<BackendLatency>();
        foreach (var (key, backend) in _backends)
        {
            if (backend.Latency.Version > version && (version != 0 || backend.Latency.Told > TimeSpan.Zero))
                told.Add(new BackendLatency(key, backend.Latency.Told));
        }

        return [.. told];
    }

    /// <summary>Forgets latencies that nobody has seen for long.</summary>
    public void Expire(TimeSpan now, long version)
    {
        if (now - _sweptAt < SweepPeriod)
            return;
        _sweptAt = now;
        foreach (var backend in _backends.Values)
        {
            if (backend.Latency.Expire(now, version))
                _latencyVersion = version;
        }
    }

    /// <summary>Forgets every backend but these.</summary>
    public void Keep(IReadOnlySet<BackendKey> keys)
    {
        foreach (var key in _backends.Keys)
        {
            if (!keys.Contains(key))
                _backends.Remove(key);
        }

        _failing.IntersectWith(keys);
    }

    private void Take(FrontendRow row, in OutcomeEntry entry, long version, TimeSpan now)
    {
        var known = row.Outcomes.TryGetValue(entry.Key, out var before);
        if (!known && row.Outcomes.Count >= PoolLoadMachine.MaxEntries)
            return;
        row.Outcomes[entry.Key] = entry;
        if (Find(entry.Key) is not { } backend)
            return;
        if (row.HasOutcomes && entry.Counters.MayFollow(before.Counters))
            Add(backend, row, before, entry, version, now);
        else if (entry.Counters.Reached > 0)
            backend.Run.Reached(row.FrontendId, version);
        _ = backend.Run.Counted > 0 ? _failing.Add(entry.Key) : _failing.Remove(entry.Key);
    }

    private void Add(Backend backend, FrontendRow row, in OutcomeEntry before, in OutcomeEntry entry, long version, TimeSpan now)
    {
        var grown = entry.Counters - before.Counters;
        backend.Counters += grown;
        if (backend.Latency.Add(grown, now, version))
            _latencyVersion = version;

        // The run and what ends it are read at one instant; other counters of the entry may be a little ahead of them.
        if (grown.Reached > 0)
            backend.Run.Reached(row.FrontendId, version);
        backend.Run.Failed(row.FrontendId, grown.Reached > 0 ? entry.Run : entry.Run - before.Run, row.MadeAfter, version, now);
    }

    private Backend? Find(BackendKey key)
    {
        if (_backends.TryGetValue(key, out var backend))
            return backend;
        if (_backends.Count >= PoolLoadMachine.MaxEntries)
            return null;
        return _backends[key] = new Backend();
    }

    private static void ForgetUnnamed(FrontendRow row, OutcomeEntry[] named)
    {
        if (row.Outcomes.Count <= named.Length)
            return;
        var kept = named.Select(static entry => entry.Key).ToHashSet();
        foreach (var key in row.Outcomes.Keys.Where(key => !kept.Contains(key)).ToArray())
            row.Outcomes.Remove(key);
    }

    private sealed class Backend
    {
        public OutcomeCounters Counters { get; set; }

        public LatencyMeter Latency { get; } = new();

        public FailureRun Run { get; } = new();
    }
}
