using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>How the certificates of a front-end fare.</summary>
internal sealed class CertificateMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Tls";

    private readonly Meter _meter;
    private readonly Counter<long> _reads;

    public CertificateMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _reads = _meter.CreateCounter<long>("orleanslb.tls.certificate.reads", "{read}", "Certificates that were read, or could not be.");
    }

    public void Read(string certificate, bool succeeded) =>
        _reads.Add(1, new("certificate", certificate), new("result", succeeded ? "ok" : "failed"));

    /// <summary>Says, when asked, how long each certificate is good for.</summary>
    public void ShowExpiry(Func<IEnumerable<(string Certificate, TimeSpan Left)>> certificates) =>
        _meter.CreateObservableGauge("orleanslb.tls.certificate.expiry", () => certificates().Select(static one => new Measurement<double>(one.Left.TotalSeconds, new KeyValuePair<string, object?>("certificate", one.Certificate))), "s", "Time until a certificate expires; below zero when it has.");
}
