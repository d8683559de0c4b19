using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;

namespace OrleansLb.Grains.Diagnostics;

/// <summary>What the cluster's health checks measure.</summary>
internal sealed class HealthMetrics : IDisposable
{
    public const string MeterName = "OrleansLb.Health";

    private readonly Meter _meter;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _ejections;
    private readonly Counter<long> _circuits;
    private readonly ConcurrentDictionary<(string Pool, string Backend), bool> _eligible = new();

    public HealthMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _changes = _meter.CreateCounter<long>("orleanslb.backend.state_changes", "{change}", "Changes of a backend's health verdict.");
        _ejections = _meter.CreateCounter<long>("orleanslb.backend.ejections", "{ejection}", "Backends taken out for a time because of what came of their requests.");
        _circuits = _meter.CreateCounter<long>("orleanslb.backend.circuit_changes", "{change}", "Circuits to backends that were opened, half-opened or closed.");
        _meter.CreateObservableGauge("orleanslb.backend.up", Observe, "{backend}", "1 while a backend takes new traffic, 0 otherwise; reported by the silo that holds the pool.");
    }

    public void StateChanged(string pool, string backend, in HealthChange change)
    {
        if (!_changes.Enabled)
            return;

        _changes.Add(
            1,
            new KeyValuePair<string, object?>("pool", pool),
            new KeyValuePair<string, object?>("backend", backend),
            new KeyValuePair<string, object?>("state", change.To.ToString()),
            new KeyValuePair<string, object?>("reason", change.Reason.ToString()));
    }

    public void Ejected(string pool, OutlierCause cause)
    {
        if (_ejections.Enabled)
            _ejections.Add(1, new("pool", pool), new KeyValuePair<string, object?>("cause", cause.ToString()));
    }

    public void CircuitChanged(string pool, string backend, CircuitState state)
    {
        if (_circuits.Enabled)
            _circuits.Add(1, new("pool", pool), new("backend", backend), new KeyValuePair<string, object?>("state", state.ToString()));
    }

    public void Show(string pool, string backend, bool takesNew) => _eligible[(pool, backend)] = takesNew;

    public void Hide(string pool, string backend) => _eligible.TryRemove((pool, backend), out _);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Observe() => _eligible.Select(static entry => new Measurement<int>(
        entry.Value ? 1 : 0,
        new KeyValuePair<string, object?>("pool", entry.Key.Pool),
        new KeyValuePair<string, object?>("backend", entry.Key.Backend)));
}
