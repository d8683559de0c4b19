namespace OrleansLb.Admin.Status;

/// <summary>What a backend's agent says.</summary>
/// <param name="Said">Its last line.</param>
/// <param name="Outcome">How the last question ended, as <c>Answered</c> or <c>TimedOut</c>.</param>
/// <param name="AnsweredSecondsAgo">When it answered last; <see langword="null"/> for never.</param>
/// <param name="WeightPercent">Weight in percent of the configured one; <see langword="null"/> when it said none.</param>
/// <param name="Service"><c>Ready</c>, <c>Drain</c> or <c>Maintenance</c>.</param>
/// <param name="Down">Whether it says that the backend cannot serve.</param>
/// <param name="MaxConnections">Most requests at once from the whole fleet, in place of what is configured; 0 for no limit, <see langword="null"/> when it said none.</param>
internal sealed record AgentSummary(string Said, string Outcome, double? AnsweredSecondsAgo, int? WeightPercent, string Service, bool Down, int? MaxConnections);
