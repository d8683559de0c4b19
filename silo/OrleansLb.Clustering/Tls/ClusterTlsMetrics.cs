using System.Diagnostics.Metrics;

namespace OrleansLb.Clustering.Tls;

/// <summary>Connections between processes of the cluster that were not made.</summary>
internal sealed class ClusterTlsMetrics
{
    public const string MeterName = "OrleansLb.Clustering.Tls";

    private readonly Counter<long> _refused;

    public ClusterTlsMetrics(IMeterFactory meters) => _refused = meters.Create(MeterName).CreateCounter<long>(
        "orleanslb.cluster.tls.refused", "{connection}", "Connections between processes of the cluster that were not made because of TLS.");

    public void Refused(RefusalReason reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason switch
    {
        RefusalReason.Certificate => "certificate",
        RefusalReason.Name => "name",
        RefusalReason.Protocol => "protocol",
        RefusalReason.Rate => "rate",
        _ => "timeout",
    }));
}
