using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Reporting;

/// <summary>This front-end's side of the load exchange, and what it has in flight itself.</summary>
internal sealed class ExchangeMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Reporting";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failures;

    public ExchangeMetrics(IMeterFactory meters, PoolTable pools, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>("orleanslb.exchange.duration", "s", "Time of one load exchange with a pool.");
        _failures = meter.CreateCounter<long>("orleanslb.exchange.failures", "{report}", "Load reports that no pool answered, by kind of failure.");
        meter.CreateObservableGauge("orleanslb.snapshot.age", () => Ages(pools, clock), "s", "Age of what is known of the other front-ends' load.");
        meter.CreateObservableUpDownCounter("orleanslb.backend.active_requests", () => Each(pools, static slot => slot.Requests), "{request}", "Plain requests of this front-end in flight.");
        meter.CreateObservableUpDownCounter("orleanslb.backend.active_connections", () => Each(pools, static slot => slot.Connections), "{connection}", "Upgraded and streaming connections of this front-end.");
    }

    public void Exchanged(string poolId, TimeSpan took)
    {
        if (_duration.Enabled)
            _duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("pool", poolId));
    }

    public void Failed(string poolId, Exception exception)
    {
        if (_failures.Enabled)
            _failures.Add(1, new("pool", poolId), new KeyValuePair<string, object?>("error.type", exception.GetType().Name));
    }

    public void Refused(string poolId)
    {
        if (_failures.Enabled)
            _failures.Add(1, new("pool", poolId), new KeyValuePair<string, object?>("error.type", "refused"));
    }

    private static IEnumerable<Measurement<double>> Ages(PoolTable pools, TimeProvider clock) =>
        pools.Current.Values
            .Where(static pool => pool.Load.View.HasSnapshot)
            .Select(pool => new Measurement<double>(
                (clock.GetElapsedTime(0) - pool.Load.View.TakenAt).TotalSeconds,
                new KeyValuePair<string, object?>("pool", pool.Definition.Id)));

    private static IEnumerable<Measurement<int>> Each(PoolTable pools, Func<BackendSlot, int> count) =>
        pools.Current.Values.SelectMany(pool => pool.Slots.Select(slot => new Measurement<int>(
            count(slot),
            new("pool", pool.Definition.Id),
            new KeyValuePair<string, object?>("backend", slot.Definition.Id))));
}
