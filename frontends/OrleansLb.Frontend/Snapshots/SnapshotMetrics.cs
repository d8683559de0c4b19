using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>What this front-end serves.</summary>
internal sealed class SnapshotMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Snapshots";

    private long _version;

    public SnapshotMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("orleanslb.snapshot.version", () => Volatile.Read(ref _version), "{version}", "Configuration version that this front-end serves; 0 for none.");
    }

    public void Serves(long version) => Volatile.Write(ref _version, version);
}
