using OrleansLb.Core.Health;

namespace OrleansLb.Grains.Health;

/// <summary>Says in a few words why a backend is in its state.</summary>
internal static class HealthReasons
{
    public static string Of(in HealthChange change, HealthState state) => change.Reason switch
    {
        HealthChangeReason.FirstSuccess => "first probe answered",
        HealthChangeReason.SuccessStreak => $"{state.Successes} probes in a row answered",
        HealthChangeReason.AnsweredFailures => $"{state.Failures} probes in a row failed: {Last(state)}",
        HealthChangeReason.ConnectivityFailures => $"{state.Failures} probes in a row failed: {Last(state)}; nobody else reaches it",
        HealthChangeReason.SuspicionConfirmed => $"a front-end could not connect, nor could the probes: {Last(state)}",
        HealthChangeReason.DeepCheckFailed => $"its deep check fails: {LastDeep(state)}",
        HealthChangeReason.DeepCheckRecovered => "its deep check does not fail any more",
        HealthChangeReason.Disagreement => $"the monitor's silo cannot reach it ({Last(state)}), others can",
        _ => change.Reason.ToString(),
    };

    private static string Last(HealthState state) => Failure(state.LastFailure, state.LastOutcome);

    private static string LastDeep(HealthState state) => state.Deep is { } deep ? Failure(deep.LastFailure, deep.LastOutcome) : "";

    private static string Failure(ProbeOutcomeKind kind, ProbeOutcome? last) => (kind, last) switch
    {
        (ProbeOutcomeKind.WrongStatus, { Status: > 0 } outcome) => $"status {outcome.Status}",
        (ProbeOutcomeKind.NotServing, { Status: > 0 } outcome) => $"gRPC status {outcome.Status}",
        _ => kind.ToString(),
    };
}
