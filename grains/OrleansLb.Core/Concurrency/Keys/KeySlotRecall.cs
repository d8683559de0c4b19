namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>A front-end's answer to a new activation that asks what it holds.</summary>
/// <param name="NewestEpoch">The highest epoch of the range that it was told.</param>
/// <param name="Report">All that it has; reports of this sequence and before it are older.</param>
public sealed record KeySlotRecall(long NewestEpoch, KeySlotReport Report);
