namespace OrleansLb.Core.RateLimiting;

/// <summary>The grain's answer to one <see cref="LeaseRenewal"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="GrantId">Identity of the lease in the reply's epoch; 0 when none was given.</param>
/// <param name="Amount">Tokens of the lease.</param>
/// <param name="Holders">Front-ends that share the key's leases, this one included.</param>
/// <param name="Witness">State of the key afterwards.</param>
public readonly record struct LeaseGrant(RateLimitKey Key, long GrantId, int Amount, int Holders, KeyWitness Witness);
