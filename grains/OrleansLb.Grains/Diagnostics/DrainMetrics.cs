using System.Diagnostics.Metrics;

namespace OrleansLb.Grains.Diagnostics;

/// <summary>How drains end.</summary>
internal sealed class DrainMetrics
{
    public const string MeterName = "OrleansLb.Draining";

    private readonly Counter<long> _ended;

    public DrainMetrics(IMeterFactory meters) => _ended = meters.Create(MeterName)
        .CreateCounter<long>("orleanslb.backend.drains", "{drain}", "Drains that ended with nothing left in flight, by whether their time was over before.");

    public void Drained(string pool, string backend, bool timedOut) => _ended.Add(
        1,
        new KeyValuePair<string, object?>("pool", pool),
        new KeyValuePair<string, object?>("backend", backend),
        new KeyValuePair<string, object?>("outcome", timedOut ? "timed_out" : "finished"));
}
