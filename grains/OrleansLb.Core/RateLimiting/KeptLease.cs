namespace OrleansLb.Core.RateLimiting;

/// <summary>A lease of a log, as its holder remembers it: what may still be spent of it counts from its end.</summary>
/// <param name="Epoch">Epoch that gave it.</param>
/// <param name="GrantId">Its identity in that epoch.</param>
/// <param name="Open">Permits that may still be spent, or were and are not told yet.</param>
/// <param name="Spent">Permits of it that are in the log.</param>
/// <param name="Returned">Permits of it that were given back.</param>
/// <param name="EndsAt">When nothing of it can be spent any more.</param>
internal readonly record struct KeptLease(long Epoch, long GrantId, int Open, int Spent, int Returned, TimeSpan EndsAt);
