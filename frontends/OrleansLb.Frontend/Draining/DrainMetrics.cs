using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Draining;

/// <summary>What the end of a drain cost.</summary>
internal sealed class DrainMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Draining";

    private readonly Counter<long> _cutOff;

    public DrainMetrics(IMeterFactory meters) => _cutOff = meters.Create(MeterName)
        .CreateCounter<long>("orleanslb.backend.drain.cut_off", "{exchange}", "Requests and connections that were in flight when the time to drain their backend was over.");

    public void CutOff(string pool, string backend, int exchanges) => _cutOff.Add(
        exchanges,
        new KeyValuePair<string, object?>("pool", pool),
        new KeyValuePair<string, object?>("backend", backend));
}
