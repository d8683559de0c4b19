namespace OrleansLb.Contracts.Backends;

/// <summary>What is in flight at one backend generation.</summary>
/// <param name="Key">Key of the backend generation.</param>
/// <param name="Requests">Plain requests.</param>
/// <param name="Connections">Upgraded and streaming connections.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.LoadCount")]
public readonly record struct LoadCount(
    [property: Id(0)] ulong Key,
    [property: Id(1)] int Requests,
    [property: Id(2)] int Connections);
