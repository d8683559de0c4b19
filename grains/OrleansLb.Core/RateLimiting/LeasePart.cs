namespace OrleansLb.Core.RateLimiting;

/// <summary>Permits of a lease that were spent and may be given back to it.</summary>
/// <param name="Slot">Where the lease is at its holder.</param>
/// <param name="Word">How many, and under which count of the lease; zero for those that cannot come back.</param>
public readonly record struct LeasePart(int Slot, long Word);
