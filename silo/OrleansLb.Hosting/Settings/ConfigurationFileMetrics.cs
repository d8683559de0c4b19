using System.Diagnostics.Metrics;

namespace OrleansLb.Hosting.Settings;

/// <summary>How reloads of the configuration file go.</summary>
internal sealed class ConfigurationFileMetrics
{
    public const string MeterName = "OrleansLb.Hosting";

    private readonly Counter<long> _reloads;
    private int _refused;

    public ConfigurationFileMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _reloads = meter.CreateCounter<long>("orleanslb.configuration_file.reloads", "{reload}", "Changes of the configuration file that were seen, by outcome.");
        meter.CreateObservableGauge("orleanslb.configuration_file.refused", () => Volatile.Read(ref _refused), "{file}", "1 while the file on disk cannot be used, or not all of it, and values from before are served, else 0.");
    }

    public void Applied() => Count("applied", refused: 0);

    public void Refused() => Count("refused", refused: 1);

    private void Count(string outcome, int refused)
    {
        Volatile.Write(ref _refused, refused);
        _reloads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
