namespace OrleansLb.Contracts.RateLimits;

/// <summary>What a front-end remembers of one key.</summary>
/// <param name="High">Upper half of the key's hash.</param>
/// <param name="Low">Lower half of the key's hash.</param>
/// <param name="Witness">The newest state that it was told.</param>
/// <param name="Age">Time since it received that.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitKeyReport")]
public readonly record struct LimitKeyReport(
    [property: Id(0)] ulong High,
    [property: Id(1)] ulong Low,
    [property: Id(2)] LimitWitness Witness,
    [property: Id(3)] TimeSpan Age);
