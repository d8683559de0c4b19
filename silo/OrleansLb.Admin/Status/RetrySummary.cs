namespace OrleansLb.Admin.Status;

/// <summary>What the front-ends of a pool sent a second time, and what they may still.</summary>
/// <param name="Requests">Requests since each of them began.</param>
/// <param name="Repeated">Attempts that were not a request's first.</param>
/// <param name="Denied">Attempts that the budget had no room for.</param>
/// <param name="Left">Attempts that the budget has room for now.</param>
internal sealed record RetrySummary(long Requests, long Repeated, long Denied, int Left);
