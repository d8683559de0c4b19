using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>What the access log does not say.</summary>
internal sealed class AccessLogMetrics
{
    public const string MeterName = "OrleansLb.Frontend.AccessLog";

    private readonly Counter<long> _dropped;
    private int _isUnwritable;

    public AccessLogMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _dropped = meter.CreateCounter<long>("orleanslb.access_log.dropped", "{line}", "Lines that will not be in the access log.");
        meter.CreateObservableGauge("orleanslb.access_log.unwritable", () => Volatile.Read(ref _isUnwritable), "{file}", "1 while the access log cannot be written.");
    }

    /// <summary>Whether the file takes lines.</summary>
    public void Writable(bool isWritable) => Volatile.Write(ref _isUnwritable, isWritable ? 0 : 1);

    /// <summary>There was no room for a line.</summary>
    public void Overflowed() => Dropped(1, "overflow");

    /// <summary>The process ends before the file took them.</summary>
    public void Unwritten(int lines) => Dropped(lines, "end");

    private void Dropped(int lines, string reason)
    {
        if (_dropped.Enabled)
            _dropped.Add(lines, new KeyValuePair<string, object?>("reason", reason));
    }
}
