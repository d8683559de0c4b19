namespace OrleansLb.Contracts.Routing;

/// <summary>Requests that have ended.</summary>
/// <param name="Requests">All of them.</param>
/// <param name="Failed">Those that failed, which are among them.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.CountedRequests")]
public readonly record struct CountedRequests(
    [property: Id(0)] long Requests,
    [property: Id(1)] long Failed);
