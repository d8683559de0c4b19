namespace OrleansLb.Contracts.Draining;

/// <summary>What a front-end has in flight at one draining backend.</summary>
/// <param name="BackendKey">Which backend, in which generation.</param>
/// <param name="Requests">Plain requests in flight.</param>
/// <param name="Connections">Upgraded and streaming connections.</param>
/// <param name="Arrivals">Requests sent there since the front-end knows the backend.</param>
/// <param name="IsClosed">Whether the front-end sends nothing there any more, neither new sessions nor those that are bound to it.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.DrainReport")]
public readonly record struct DrainReport(
    [property: Id(0)] ulong BackendKey,
    [property: Id(1)] int Requests,
    [property: Id(2)] int Connections,
    [property: Id(3)] long Arrivals,
    [property: Id(4)] bool IsClosed);
