namespace OrleansLb.Admin.Status;

/// <summary>How far a drain is.</summary>
/// <param name="Phase"><c>Finishing</c>, <c>Closing</c> or <c>Drained</c>.</param>
/// <param name="Since">When it was decided, UTC.</param>
/// <param name="Until">When what is left is cut off, UTC.</param>
/// <param name="TimedOut">Whether that moment came before nothing was left.</param>
/// <param name="WaitingFor">Front-ends that still have something there, or did not answer.</param>
/// <param name="By">Who decided.</param>
internal sealed record DrainSummary(string Phase, DateTimeOffset? Since, DateTimeOffset? Until, bool TimedOut, IReadOnlyList<string> WaitingFor, string By);
