namespace OrleansLb.Core.Health;

/// <summary>A change of verdict, for the log and the event feed.</summary>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="Reason">Why.</param>
/// <param name="LastFailure">How the last failed probe ended; <see cref="ProbeOutcomeKind.Success"/> when none failed.</param>
public readonly record struct HealthChange(BackendState From, BackendState To, HealthChangeReason Reason, ProbeOutcomeKind LastFailure);
