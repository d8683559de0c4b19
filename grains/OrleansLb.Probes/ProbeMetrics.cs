using System.Diagnostics.Metrics;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes;

/// <summary>Measures probes, whoever asked for them.</summary>
public sealed class ProbeMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrleansLb.Probes";

    private readonly Histogram<double> _duration;

    /// <summary>Creates the instruments.</summary>
    /// <param name="meters">The process' meters.</param>
    public ProbeMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _duration = meters.Create(MeterName).CreateHistogram<double>("orleanslb.backend.probe.duration", "s", "Health probes that this process ran.");
    }

    internal void Ran(ProbeType type, in ProbeOutcome outcome)
    {
        if (!_duration.Enabled)
            return;

        _duration.Record(
            outcome.Duration.TotalSeconds,
            new KeyValuePair<string, object?>("type", type.ToString()),
            new KeyValuePair<string, object?>("outcome", outcome.Kind.ToString()));
    }
}
