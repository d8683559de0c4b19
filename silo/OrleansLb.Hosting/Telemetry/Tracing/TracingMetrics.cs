using System.Diagnostics.Metrics;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>Counts spans that were sent to the collector, and those that it did not take.</summary>
internal sealed class TracingMetrics(IMeterFactory meters)
{
    public const string MeterName = "OrleansLb.Hosting.Tracing";

    private readonly Counter<long> _spans = meters.Create(MeterName).CreateCounter<long>("orleanslb.tracing.spans", "{span}", "Spans that were handed to the collector, by whether it took them.");

    public void Sent(long count, bool isTaken) => _spans.Add(count, new KeyValuePair<string, object?>("outcome", isTaken ? "sent" : "lost"));
}
