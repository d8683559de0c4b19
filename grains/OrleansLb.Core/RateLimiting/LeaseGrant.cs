namespace OrleansLb.Core.RateLimiting;

/// <summary>The grain's answer to one <see cref="LeaseRenewal"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="GrantId">Identity of the lease in the reply's epoch; 0 when none was given.</param>
/// <param name="Amount">Tokens of the lease.</param>
/// <param name="Holders">Front-ends that share the key's leases, this one included.</param>
/// <param name="Witness">State of the key afterwards.</param>
public readonly record struct LeaseGrant(RateLimitKey Key, long GrantId, int Amount, int Holders, KeyWitness Witness)
{
    /// <summary>
    /// How long from the decision the tokens are set aside; the holder counts it from when it asked. Zero from a range that does not say: one ttl.
    /// </summary>
    public TimeSpan Length { get; init; }

    /// <summary>Leaky bucket: how long from the decision each of its turns is, rising; as many as tokens. Empty for the other algorithms.</summary>
    public TimeSpan[] Turns { get; init; } = [];

    /// <summary>What is left of the key's limit afterwards, without what is leased.</summary>
    public LimitQuota Quota { get; init; }
}
