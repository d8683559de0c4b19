namespace OrleansLb.Admin.Status;

/// <summary>A submission that was refused.</summary>
/// <param name="Source">Who submitted it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Errors">Every reason, each with the path of its key.</param>
internal sealed record RefusalSummary(string Source, DateTimeOffset At, IReadOnlyList<string> Errors);
