namespace OrleansLb.Contracts.Backends;

/// <summary>How long a backend takes to answer, over all front-ends.</summary>
/// <param name="Key">Key of the backend generation.</param>
/// <param name="Ticks">Mean time to the head of an answer in the recent past, in units of 100 ns; 0 for none.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LatencyMean")]
public readonly record struct LatencyMean(
    [property: Id(0)] ulong Key,
    [property: Id(1)] long Ticks);
