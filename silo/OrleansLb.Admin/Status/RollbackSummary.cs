namespace OrleansLb.Admin.Status;

/// <summary>A version that the cluster took back by itself.</summary>
/// <param name="Failed">The version.</param>
/// <param name="ReturnedTo">Whose settings are in force again.</param>
/// <param name="Version">The version that brought them back.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Before">How requests went before.</param>
/// <param name="After">How they went under the version that was taken back.</param>
internal sealed record RollbackSummary(long Failed, long ReturnedTo, long Version, DateTimeOffset At, CountedSummary Before, CountedSummary After);
