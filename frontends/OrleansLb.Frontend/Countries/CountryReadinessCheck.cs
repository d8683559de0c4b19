using System.Globalization;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Countries;

/// <summary>Says which database of countries is in use. A front-end stays ready without a newer one: the one that it has is hardly worse.</summary>
internal sealed class CountryReadinessCheck(CountryDatabase countries) : IReadinessCheck
{
    public string Name => "countries";

    public Readiness Check()
    {
        if (!countries.IsConfigured)
            return Readiness.Ready("no database is configured");
        var used = string.Create(CultureInfo.InvariantCulture, $"by the database of {countries.Built:yyyy-MM-dd}");
        return Readiness.Ready(countries.Fault is { } fault ? $"{used}; the present one cannot be used: {fault}" : used);
    }
}
