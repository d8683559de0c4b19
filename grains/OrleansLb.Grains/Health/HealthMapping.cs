using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Agents;
using OrleansLb.Probes;
using BackendStatus = OrleansLb.Core.Health.BackendStatus;

namespace OrleansLb.Grains.Health;

/// <summary>Between the wire's records and Core's. The numbers of each pair of enumerations are the same, which a test asserts.</summary>
internal static class HealthMapping
{
    private static readonly ActiveHealthDefinition Defaults = new();

    public static WireVerdict ToWire(this HealthVerdict verdict) =>
        new((WireBackendState)verdict.State, verdict.Waiting, verdict.Confirmed, verdict.Unreachable) { FailsDeepCheck = verdict.FailsDeepCheck };

    public static HealthVerdict ToModel(this WireVerdict verdict) =>
        new((BackendState)verdict.State, verdict.Waiting, verdict.Confirmed, verdict.Unreachable) { FailsDeepCheck = verdict.FailsDeepCheck };

    public static ProbeReport ToWire(this in ProbeOutcome outcome) =>
        new((WireProbeOutcome)outcome.Kind, outcome.Status, outcome.Duration);

    public static ProbeOutcome ToModel(this ProbeReport report) =>
        new((ProbeOutcomeKind)report.Outcome, report.Status, report.Duration);

    public static AdminState ToModel(this WireAdminState state) => (AdminState)state;

    public static MonitorAssignment Assignment(PoolDefinition pool, ActiveHealthDefinition settings, BackendDefinition backend, HealthVerdict held)
    {
        var plan = ProbePlan.Of(backend, settings);
        return new MonitorAssignment(
            pool.Id,
            backend.Id,
            backend.Key.Value,
            plan.Target.ToWire(),
            settings.Interval,
            settings.UnhealthyThreshold,
            settings.HealthyThreshold,
            held.ToWire())
        {
            FastInterval = settings.FastInterval,
            JitterPercent = settings.JitterPercent,
            Deep = plan.Deep is { } target && settings.Deep is { } deep
                ? new DeepCheckAssignment(target.ToWire(), deep.Interval, deep.UnhealthyThreshold, deep.HealthyThreshold)
                : null,
        };
    }

    /// <exception cref="NotSupportedException">A newer pool asks for a kind of probe that this silo does not know.</exception>
    public static ProbePlan ToPlan(this MonitorAssignment assignment) => new(
        new ActiveHealthDefinition
        {
            Interval = assignment.Interval,
            FastInterval = assignment.FastInterval ?? Defaults.FastInterval,
            JitterPercent = assignment.JitterPercent ?? Defaults.JitterPercent,
            Timeout = assignment.Probe.Timeout,
            UnhealthyThreshold = assignment.UnhealthyThreshold,
            HealthyThreshold = assignment.HealthyThreshold,
            Deep = assignment.Deep?.ToModel(),
        },
        assignment.Probe.ToModel(),
        assignment.Deep?.Probe.ToModel());

    private static DeepCheckDefinition ToModel(this DeepCheckAssignment deep) => new()
    {
        Interval = deep.Interval,
        Timeout = deep.Probe.Timeout,
        UnhealthyThreshold = deep.UnhealthyThreshold,
        HealthyThreshold = deep.HealthyThreshold,
    };

    public static EligibilityRow ToWire(this in BackendStatus status, TimeSpan now) =>
        new(status.Key.Value, (WireBackendState)status.State, status.TakesNew, status.TakesPinned, status.ByPanic, status.Held)
        {
            Ejection = status.Ejection is { } ejection ? new WireEjection((WireOutlierCause)ejection.Cause, ejection.Count, ejection.Until - now) : null,
            Slow = status.Slow,
            EligibleFor = now - status.EligibleSince,
            Agent = status.Agent == default ? null : status.Agent.ToWire(),
            ByAgent = status.ByAgent,
            Circuit = (WireCircuitState)status.Circuit,
        };

    public static EligibilityTable ToWire(this PoolEligibility eligibility, long epoch, TimeSpan now) =>
        new(epoch, eligibility.Version, [.. eligibility.Backends.Select(status => status.ToWire(now))], eligibility.Panic);

    public static EligibilityChange ToWire(this PoolEligibilityDelta delta, string poolId, long epoch, TimeSpan now) => new(
        poolId,
        epoch,
        delta.FromVersion,
        delta.ToVersion,
        [.. delta.Changed.Select(status => status.ToWire(now))],
        [.. delta.Removed.Select(static key => key.Value)],
        delta.Panic);

    // Ejections last a day at most; a row that says otherwise must not end in an overflow.
    private static TimeSpan Sane(TimeSpan left) => left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1);

    public static BackendStatus ToModel(this EligibilityRow row, TimeSpan now) =>
        new(new BackendKey(row.BackendKey), (BackendState)row.State, row.TakesNew, row.TakesPinned, row.ByPanic, row.Held)
        {
            Ejection = row.Ejection is { } ejection ? new Ejection((OutlierCause)ejection.Cause, ejection.Count, now + Sane(ejection.Left)) : null,
            Slow = row.Slow,
            EligibleSince = now - row.EligibleFor,
            Agent = row.Agent.ToModel(),
            ByAgent = row.ByAgent,
            Circuit = (CircuitState)row.Circuit,
        };
}
