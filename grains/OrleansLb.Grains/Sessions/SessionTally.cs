namespace OrleansLb.Grains.Sessions;

/// <summary>What a range has and has forgotten.</summary>
/// <param name="Count">Sessions in it.</param>
/// <param name="Expired">Sessions that were idle for too long.</param>
/// <param name="Evicted">Sessions that made room.</param>
internal readonly record struct SessionTally(int Count, long Expired, long Evicted);
