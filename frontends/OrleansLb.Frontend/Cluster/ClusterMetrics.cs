using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Cluster;

/// <summary>Whether this front-end is in touch with the cluster.</summary>
internal sealed class ClusterMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Cluster";

    private readonly Gauge<int> _connected;
    private readonly Gauge<double> _silence;

    public ClusterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _connected = meter.CreateGauge<int>("orleanslb.cluster.connected", "{connection}", "1 while silos answer, 0 while the front-end is on its own.");
        _silence = meter.CreateGauge<double>("orleanslb.cluster.silence", "s", "Time since the last answer of a silo.");
    }

    public void Report(ClusterContact contact)
    {
        _connected.Record(contact.IsLost ? 0 : 1);
        _silence.Record(contact.Silence.TotalSeconds);
    }
}
