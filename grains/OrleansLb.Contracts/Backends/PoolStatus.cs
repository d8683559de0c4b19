using System.Collections.Immutable;

namespace OrleansLb.Contracts.Backends;

/// <summary>All that a pool knows, for the status API.</summary>
/// <param name="PoolId">Pool id.</param>
/// <param name="IsComplete">Whether every registered front-end is in the totals.</param>
/// <param name="EligibilityVersion">Version of the verdicts.</param>
/// <param name="ArrivalRate">Requests a second over all front-ends.</param>
/// <param name="Frontends">Ids of the front-ends in the totals, ordered.</param>
/// <param name="Backends">The pool's backends, ordered by id.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.PoolStatus")]
public sealed record PoolStatus(
    [property: Id(0)] string PoolId,
    [property: Id(1)] bool IsComplete,
    [property: Id(2)] long EligibilityVersion,
    [property: Id(3)] double ArrivalRate,
    [property: Id(4)] ImmutableArray<string> Frontends,
    [property: Id(5)] ImmutableArray<BackendStatus> Backends)
{
    /// <summary>What the front-ends in the totals sent a second time; <see langword="null"/> if none of them tells.</summary>
    [Id(6)] public RetryCount? Retries { get; init; }
}
