namespace OrleansLb.Core.RateLimiting;

/// <summary>What the leases of a key leave to one holder.</summary>
/// <param name="Most">Tokens that it may have at most.</param>
/// <param name="Part">Its part of the demand, 0 to 1.</param>
/// <param name="Holders">Holders that share the key.</param>
internal readonly record struct LeaseOffer(int Most, double Part, int Holders);
