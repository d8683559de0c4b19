using System.Collections.Immutable;

namespace OrleansLb.Contracts.Frontends;

/// <summary>The live front-ends.</summary>
/// <param name="Entries">One entry for each.</param>
/// <param name="Settled">
/// Whether the list has existed for longer than a front-end may be silent: only then does a missing front-end mean a dead one.
/// </param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendList")]
public sealed record FrontendList(
    [property: Id(0)] ImmutableArray<FrontendEntry> Entries,
    [property: Id(1)] bool Settled);
