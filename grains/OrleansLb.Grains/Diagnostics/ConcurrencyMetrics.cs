using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OrleansLb.Grains.Diagnostics;

/// <summary>What limits that adapt are.</summary>
internal sealed class ConcurrencyMetrics : IDisposable
{
    public const string MeterName = "OrleansLb.Concurrency";

    private readonly Meter _meter;
    private readonly ConcurrentDictionary<(string Pool, string Backend), int> _limits = new();

    public ConcurrencyMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _meter.CreateObservableGauge("orleanslb.slot.limit", Observe, "{slot}", "Requests that a backend takes at once from all front-ends, where the limit adapts; reported by the silo that holds the pool.");
    }

    public void Show(string pool, string backend, int limit) => _limits[(pool, backend)] = limit;

    public void Hide(string pool)
    {
        foreach (var shown in _limits.Keys.Where(shown => shown.Pool == pool))
            _limits.TryRemove(shown, out _);
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Observe() => _limits.Select(static entry => new Measurement<int>(
        entry.Value,
        new KeyValuePair<string, object?>("pool", entry.Key.Pool),
        new KeyValuePair<string, object?>("backend", entry.Key.Backend)));
}
