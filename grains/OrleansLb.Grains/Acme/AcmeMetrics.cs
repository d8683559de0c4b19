using System.Diagnostics.Metrics;

namespace OrleansLb.Grains.Acme;

/// <summary>What comes of orders, and of requests to authorities.</summary>
internal sealed class AcmeMetrics
{
    public const string MeterName = "OrleansLb.Acme";

    private readonly Counter<long> _orders;
    private readonly Counter<long> _requests;

    public AcmeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _orders = meter.CreateCounter<long>("orleanslb.acme.orders", "{order}", "Orders of certificates that ended, by what came of them.");
        _requests = meter.CreateCounter<long>("orleanslb.acme.requests", "{request}", "Requests to authorities, by how they were answered.");
    }

    /// <summary>Counts an order that ended.</summary>
    /// <param name="certificate">Name of the certificate.</param>
    /// <param name="outcome">What came of it.</param>
    public void Ended(string certificate, string outcome) => _orders.Add(1, new("certificate", certificate), new("outcome", outcome));

    /// <summary>Counts a request.</summary>
    /// <param name="outcome">How it was answered.</param>
    public void Asked(string outcome) => _requests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
