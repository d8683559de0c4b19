using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Stapling;

/// <summary>How staples fare.</summary>
internal sealed class StapleMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Stapling";

    private readonly ConcurrentQueue<Func<IEnumerable<(string Certificate, TimeSpan Left)>>> _sources = [];
    private readonly Counter<long> _looks;

    public StapleMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _looks = meter.CreateCounter<long>("orleanslb.tls.staple.looks", "{look}", "Looks at what is at hand to be shown beside a certificate.");
        meter.CreateObservableGauge("orleanslb.tls.staple.expiry", Expiries, "s", "Time until the staple of a certificate expires; 0 while none is shown.");
    }

    /// <summary>Counts a look.</summary>
    public void Looked(string certificate, StapleState state) => _looks.Add(1, new("certificate", certificate), new("result", TextOf(state)));

    /// <summary>Says, when asked, how long each of some staples holds.</summary>
    public void ShowExpiry(Func<IEnumerable<(string Certificate, TimeSpan Left)>> staples) => _sources.Enqueue(staples);

    private static string TextOf(StapleState state) => state switch
    {
        StapleState.Good => "good",
        StapleState.Revoked => "revoked",
        _ => "none",
    };

    private IEnumerable<Measurement<double>> Expiries() => _sources.SelectMany(static source => source())
        .Select(static one => new Measurement<double>(one.Left.TotalSeconds, new KeyValuePair<string, object?>("certificate", one.Certificate)));
}
