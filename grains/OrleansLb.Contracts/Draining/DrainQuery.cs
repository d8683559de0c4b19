using System.Collections.Immutable;

namespace OrleansLb.Contracts.Draining;

/// <summary>Asks a front-end what it has in flight at the draining backends of one pool.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Backends">The backends.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.DrainQuery")]
public sealed record DrainQuery(
    [property: Id(0)] string PoolId,
    [property: Id(1)] ImmutableArray<DrainQuestion> Backends);
