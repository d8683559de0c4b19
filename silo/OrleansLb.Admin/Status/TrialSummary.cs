namespace OrleansLb.Admin.Status;

/// <summary>A version that has not proven itself yet.</summary>
/// <param name="ReturnTo">Which version returns if requests fail.</param>
/// <param name="Before">How they went shortly before.</param>
internal sealed record TrialSummary(long ReturnTo, CountedSummary Before);
