namespace OrleansLb.Admin.Status;

/// <summary>What a limit that adapts goes by.</summary>
/// <param name="QuickestMilliseconds">Mean time to the head of an answer when few requests were there; 0 before it was measured.</param>
/// <param name="RecentMilliseconds">The same of the newest answers; 0 before there were any.</param>
/// <param name="Measuring">Whether the limit is lowered just now, for the quickest answers to be measured.</param>
internal sealed record AdaptiveSummary(double QuickestMilliseconds, double RecentMilliseconds, bool Measuring);
