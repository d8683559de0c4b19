using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OrleansLb.Hosting.Certificates;

/// <summary>How the certificates of a process fare.</summary>
public sealed class CertificateMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrleansLb.Tls";

    private readonly ConcurrentQueue<Func<IEnumerable<(string Certificate, TimeSpan Left)>>> _sources = [];
    private readonly Counter<long> _reads;

    /// <param name="meters">Makes the meter.</param>
    public CertificateMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _reads = meter.CreateCounter<long>("orleanslb.tls.certificate.reads", "{read}", "Certificates that were read, or could not be.");
        meter.CreateObservableGauge("orleanslb.tls.certificate.expiry", Expiries, "s", "Time until a certificate expires; below zero when it has.");
    }

    /// <summary>Counts one that was read, or could not be.</summary>
    internal void Read(string certificate, bool succeeded) =>
        _reads.Add(1, new("certificate", certificate), new("result", succeeded ? "ok" : "failed"));

    /// <summary>Says, when asked, how long each of some certificates is good for.</summary>
    internal void ShowExpiry(Func<IEnumerable<(string Certificate, TimeSpan Left)>> certificates) => _sources.Enqueue(certificates);

    private IEnumerable<Measurement<double>> Expiries() => _sources.SelectMany(static source => source())
        .Select(static one => new Measurement<double>(one.Left.TotalSeconds, new KeyValuePair<string, object?>("certificate", one.Certificate)));
}
