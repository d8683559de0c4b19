using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OrleansLb.Hosting.Telemetry.Otlp;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>
/// Sends batches of spans to a collector, counts them and says when they begin to be lost. On the thread of the batches, of which there is one: a collector that is slow or not there costs spans and nothing else.
/// </summary>
internal sealed partial class CountedTraceExporter(OtlpSettings settings, TracingMetrics metrics, ILogger<CountedTraceExporter> logger) : OtlpTraceExporter(settings.Apply(new OtlpExporterOptions()))
{
    private bool _isFailing;

    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        var count = activityBatch.Count;
        var result = base.Export(activityBatch);
        metrics.Sent(count, result == ExportResult.Success);
        Tell(isFailing: result != ExportResult.Success);
        return result;
    }

    /// <summary>Says it when it begins and when it is over, and not for each batch.</summary>
    private void Tell(bool isFailing)
    {
        if (isFailing && !_isFailing)
            LogLost(logger, settings.Shown);
        if (!isFailing && _isFailing)
            LogSentAgain(logger, settings.Shown);
        _isFailing = isFailing;
    }
}
