using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>What this front-end serves, and how its snapshot on disk fares.</summary>
internal sealed class SnapshotMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Snapshots";

    private readonly Counter<long> _failures;
    private long _version;

    public SnapshotMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("orleanslb.snapshot.version", () => Volatile.Read(ref _version), "{version}", "Configuration version that this front-end serves; 0 for none.");
        _failures = meter.CreateCounter<long>("orleanslb.snapshot.file.failures", "{failure}", "Snapshots on disk that could not be read or written.");
    }

    public void Serves(long version) => Volatile.Write(ref _version, version);

    public void Failed(string operation) => _failures.Add(1, new KeyValuePair<string, object?>("operation", operation));
}
