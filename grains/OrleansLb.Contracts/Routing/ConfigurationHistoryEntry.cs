namespace OrleansLb.Contracts.Routing;

/// <summary>One configuration that was accepted.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Digest">Digest of its settings.</param>
/// <param name="Source">Silo or administrator that handed it in.</param>
/// <param name="When">When it was accepted.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ConfigurationHistoryEntry")]
public sealed record ConfigurationHistoryEntry(
    [property: Id(0)] long Version,
    [property: Id(1)] string Digest,
    [property: Id(2)] string Source,
    [property: Id(3)] DateTimeOffset When);
