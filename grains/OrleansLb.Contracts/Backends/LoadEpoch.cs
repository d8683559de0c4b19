namespace OrleansLb.Contracts.Backends;

/// <summary>Identity of one life of a pool's totals; ordered by number, then by silo.</summary>
/// <param name="Number">0 for none.</param>
/// <param name="SiloIdentity">The silo and activation it lives in.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LoadEpoch")]
public readonly record struct LoadEpoch(
    [property: Id(0)] long Number,
    [property: Id(1)] string SiloIdentity);
