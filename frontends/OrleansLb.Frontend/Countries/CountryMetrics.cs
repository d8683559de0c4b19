using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Countries;

/// <summary>How the database of countries fares.</summary>
internal sealed class CountryMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Countries";

    private readonly Counter<long> _reads;

    public CountryMetrics(IMeterFactory meters) => _reads = meters.Create(MeterName).CreateCounter<long>(
        "orleanslb.country_database.reads", "{read}", "Databases of countries that were read, or could not be.");

    public void Read(bool succeeded) => _reads.Add(1, new KeyValuePair<string, object?>("result", succeeded ? "ok" : "failed"));
}
