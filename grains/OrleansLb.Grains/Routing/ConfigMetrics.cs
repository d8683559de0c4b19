using System.Diagnostics.Metrics;
using OrleansLb.Contracts.Routing;

namespace OrleansLb.Grains.Routing;

/// <summary>What this silo knows of the configuration, in numbers.</summary>
internal sealed class ConfigMetrics
{
    public const string MeterName = "OrleansLb.Routing";

    private readonly Counter<long> _submissions;
    private readonly Counter<long> _rollbacks;
    private long _version;
    private int _refused;

    public ConfigMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _submissions = meter.CreateCounter<long>("orleanslb.config.submissions", "{submission}", "Configurations handed in, by outcome.");
        _rollbacks = meter.CreateCounter<long>("orleanslb.config.rollbacks", "{rollback}", "Versions that were taken back because requests failed under them.");
        meter.CreateObservableGauge("orleanslb.config.version", () => Volatile.Read(ref _version), "{version}", "Configuration version that this silo follows.");
        meter.CreateObservableGauge("orleanslb.config.refused", () => Volatile.Read(ref _refused), "{file}", "1 while this silo's own file was refused, or taken back, else 0.");
    }

    public void Submitted(SubmitOutcome outcome)
    {
        if (_submissions.Enabled)
            _submissions.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
    }

    public void RolledBack() => _rollbacks.Add(1);

    public void Follows(long version) => Volatile.Write(ref _version, version);

    public void OwnFile(bool refused) => Volatile.Write(ref _refused, refused ? 1 : 0);
}
