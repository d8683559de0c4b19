namespace OrleansLb.Core.Sessions;

/// <summary>A front-end's answer to a new activation that asks what it knows.</summary>
/// <param name="NewestEpoch">The highest number of the range that it was told.</param>
/// <param name="Rows">What it knows.</param>
public sealed record SessionRecall(long NewestEpoch, SessionRow[] Rows);
