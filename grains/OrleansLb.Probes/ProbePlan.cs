using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes;

/// <summary>All that a monitor needs to know of what it probes.</summary>
/// <param name="Settings">Intervals and thresholds.</param>
/// <param name="Target">The probe.</param>
/// <param name="Deep">The deep check; <see langword="null"/> where the settings have none.</param>
public sealed record ProbePlan(ActiveHealthDefinition Settings, ProbeTarget Target, ProbeTarget? Deep)
{
    /// <summary>The plan for one backend.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="settings">The pool's health checks.</param>
    public static ProbePlan Of(BackendDefinition backend, ActiveHealthDefinition settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new ProbePlan(
            settings,
            ProbeTarget.Of(backend, settings.Probe, settings.Timeout, settings.Tls),
            settings.Deep is { } deep ? ProbeTarget.Of(backend, deep.Probe, deep.Timeout, settings.Tls) : null);
    }
}
