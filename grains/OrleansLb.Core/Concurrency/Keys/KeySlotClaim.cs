using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>What a front-end has and needs of one key's slots. With it the front-end gives up the answer to every claim of this key before it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Numbers">What it has and needs.</param>
public readonly record struct KeySlotClaim(RateLimitKey Key, SlotNumbers Numbers);
