namespace OrleansLb.Contracts.Backends;

/// <summary>What was sent a second time in one pool, and what may still be.</summary>
/// <param name="Requests">Requests since the front-end began.</param>
/// <param name="Repeated">Attempts that were not a request's first.</param>
/// <param name="Denied">Attempts that the budget had no room for.</param>
/// <param name="Left">Attempts that the budget has room for now.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.RetryCount")]
public sealed record RetryCount(
    [property: Id(0)] long Requests,
    [property: Id(1)] long Repeated,
    [property: Id(2)] long Denied,
    [property: Id(3)] int Left);
