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
    [property: Id(3)] LimitWitness Witness)
{
    /// <summary>How long from the decision the tokens are set aside; zero from a silo that does not say: one ttl.</summary>
    [Id(4)] public TimeSpan Length { get; init; }

    /// <summary>Leaky bucket: how long from the decision each turn of the lease is, rising; <see langword="null"/> or empty otherwise.</summary>
    [Id(5)] public TimeSpan[]? Turns { get; init; }

    /// <summary>Permits of the key that are left afterwards, without what is leased.</summary>
    [Id(6)] public int Remaining { get; init; }

    /// <summary>How long until nothing counts any more of what was admitted so far; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    [Id(7)] public TimeSpan ResetAfter { get; init; }
}
