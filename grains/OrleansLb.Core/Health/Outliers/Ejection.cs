namespace OrleansLb.Core.Health.Outliers;

/// <summary>A backend is out for a time because of what came of its requests.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Count">How often it was ejected lately, this time included; each time lasts longer.</param>
/// <param name="Until">When it returns, in the monotonic time of whoever holds this.</param>
public readonly record struct Ejection(OutlierCause Cause, int Count, TimeSpan Until);
