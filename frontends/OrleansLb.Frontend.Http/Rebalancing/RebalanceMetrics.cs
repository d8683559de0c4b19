using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Rebalancing;

/// <summary>Counts WebSockets that were told to come back elsewhere.</summary>
internal sealed class RebalanceMetrics : IDisposable
{
    public const string MeterName = "OrleansLb.Frontend.Rebalancing";

    private readonly Meter _meter;
    private readonly Counter<long> _ended;

    public RebalanceMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _ended = _meter.CreateCounter<long>("orleanslb.connection.rebalanced", "{connection}", "WebSockets that were told to come back, because their backend has more than its share.");
    }

    public void Ended(string pool, string backend) => _ended.Add(1, new("pool", pool), new KeyValuePair<string, object?>("backend", backend));

    public void Dispose() => _meter.Dispose();
}
