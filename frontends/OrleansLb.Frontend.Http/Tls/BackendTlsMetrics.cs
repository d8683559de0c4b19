using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Counts what TLS kept from being a connection to a backend.</summary>
internal sealed class BackendTlsMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Tls";

    private readonly Counter<long> _failures;

    public BackendTlsMetrics(IMeterFactory meters) =>
        _failures = meters.Create(MeterName).CreateCounter<long>("orleanslb.upstream.tls.failures", "{connection}", "Connections to backends that were not made because of TLS.");

    public void Failed(string pool, string reason)
    {
        if (_failures.Enabled)
            _failures.Add(1, new("pool", pool), new("reason", reason));
    }
}
