using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Variants;

/// <summary>Counts how divided routes divide their requests.</summary>
internal sealed class VariantMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Variants";

    private readonly Counter<long> _requests;

    public VariantMetrics(IMeterFactory meters) => _requests = meters.Create(MeterName)
        .CreateCounter<long>("orleanslb.route.variant.requests", "{request}", "Requests of divided routes, by the pool that they were given and why.");

    public void Chosen(VariantChoice choice)
    {
        if (!_requests.Enabled)
            return;
        _requests.Add(
            1,
            new KeyValuePair<string, object?>("route", choice.Part.Variant.Group),
            new KeyValuePair<string, object?>("pool", choice.Part.Variant.Name),
            new KeyValuePair<string, object?>("reason", NameOf(choice.Reason)));
    }

    private static string NameOf(VariantReason reason) => reason switch
    {
        VariantReason.Cookie => "cookie",
        VariantReason.Header => "header",
        VariantReason.Failover => "failover",
        _ => "weight",
    };
}
