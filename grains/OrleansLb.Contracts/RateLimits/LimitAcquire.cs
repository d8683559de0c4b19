namespace OrleansLb.Contracts.RateLimits;

/// <summary>One request that asks the range.</summary>
/// <param name="High">Upper half of the key's hash.</param>
/// <param name="Low">Lower half of the key's hash.</param>
/// <param name="Cost">Permits it needs, at least 1.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitAcquire")]
public readonly record struct LimitAcquire([property: Id(0)] ulong High, [property: Id(1)] ulong Low, [property: Id(2)] int Cost)
{
    /// <summary>Whether the permits may come back with a <see cref="LimitSettlement"/>.</summary>
    [Id(3)] public bool MayBeGivenBack { get; init; }
}
