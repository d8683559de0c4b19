namespace OrleansLb.Admin.Status;

/// <summary>What is in flight.</summary>
/// <param name="Requests">Plain requests.</param>
/// <param name="Connections">Upgraded and streaming connections.</param>
internal sealed record InFlightSummary(int Requests, int Connections);
