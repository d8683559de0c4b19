namespace OrleansLb.Core.Health;

/// <summary>The result of one probe.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Status">Status received: of HTTP, or of gRPC for <see cref="ProbeOutcomeKind.NotServing"/>; 0 when there was none.</param>
/// <param name="Duration">Time from the first attempt to connect until the outcome was known.</param>
public readonly record struct ProbeOutcome(ProbeOutcomeKind Kind, int Status, TimeSpan Duration)
{
    /// <summary>Whether the backend answered as it should.</summary>
    public bool IsSuccess => Kind == ProbeOutcomeKind.Success;

    /// <summary>Whether the backend answered, but wrongly: one prober is enough to believe it.</summary>
    public bool IsAnsweredFailure => Kind is ProbeOutcomeKind.WrongStatus or ProbeOutcomeKind.Malformed
        or ProbeOutcomeKind.WrongContent or ProbeOutcomeKind.NotServing;

    /// <summary>Whether no answer was had: the path between prober and backend may be the culprit, so another prober is asked.</summary>
    public bool IsConnectivityFailure => Kind is ProbeOutcomeKind.Refused or ProbeOutcomeKind.Reset or ProbeOutcomeKind.TimedOut
        or ProbeOutcomeKind.Unreachable or ProbeOutcomeKind.NameNotResolved or ProbeOutcomeKind.TlsFailed;

    /// <summary>Whether this is evidence against the backend.</summary>
    public bool IsFailure => IsAnsweredFailure || IsConnectivityFailure;
}
