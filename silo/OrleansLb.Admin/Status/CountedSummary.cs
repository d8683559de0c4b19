namespace OrleansLb.Admin.Status;

/// <summary>Requests that have ended, and how many of them failed.</summary>
internal sealed record CountedSummary(long Requests, long Failed);
