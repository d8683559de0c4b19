namespace OrleansLb.Core.Health;

/// <summary>A probe whose outcome has not come back yet.</summary>
/// <param name="Id">Id of its <see cref="ProbeOrder"/>.</param>
/// <param name="Started">When it was ordered.</param>
/// <param name="Deadline">When its outcome is no longer waited for.</param>
public readonly record struct ProbeFlight(long Id, TimeSpan Started, TimeSpan Deadline);
