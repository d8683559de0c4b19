namespace OrleansLb.Admin.Status;

/// <summary>The circuit to one backend.</summary>
/// <param name="State"><c>Closed</c>, <c>Open</c> or <c>HalfOpen</c>.</param>
/// <param name="OpenSeconds">How much longer nothing is sent there; 0 unless it is open.</param>
/// <param name="TrialUnderWay">Whether the one trial of the cluster is under way.</param>
/// <param name="Evidence">Why it changed last; empty when it never did.</param>
internal sealed record CircuitSummary(string State, double OpenSeconds, bool TrialUnderWay, string Evidence);
