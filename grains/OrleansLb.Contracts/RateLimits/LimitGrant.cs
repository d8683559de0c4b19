namespace OrleansLb.Contracts.RateLimits;

/// <summary>Answer to one <see cref="LimitRenewal"/>.</summary>
/// <param name="GrantId">Identity of the lease in the reply's epoch; 0 when none was given.</param>
/// <param name="Amount">Tokens of the lease.</param>
/// <param name="Holders">Front-ends that share the key's leases.</param>
/// <param name="Witness">State of the key afterwards, to be remembered.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitGrant")]
public readonly record struct LimitGrant(
    [property: Id(0)] long GrantId,
    [property: Id(1)] int Amount,
    [property: Id(2)] int Holders,
    [property: Id(3)] LimitWitness Witness);
