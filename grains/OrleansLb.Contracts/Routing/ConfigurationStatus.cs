using System.Collections.Immutable;

namespace OrleansLb.Contracts.Routing;

/// <summary>The configuration as an administrator sees it.</summary>
/// <param name="Version">Version in force; 0 for none.</param>
/// <param name="Digest">Digest of its settings; empty for none.</param>
/// <param name="Source">Silo or administrator that handed it in; empty for none.</param>
/// <param name="When">When it was accepted.</param>
/// <param name="LastRefusal">What was refused last by this activation, and why; <see langword="null"/> for nothing, and once something was accepted since or its source took it back.</param>
/// <param name="DivergentSilos">Silos whose last file differs from what is in force.</param>
/// <param name="History">Accepted configurations, newest first, the one in force at the start.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ConfigurationStatus")]
public sealed record ConfigurationStatus(
    [property: Id(0)] long Version,
    [property: Id(1)] string Digest,
    [property: Id(2)] string Source,
    [property: Id(3)] DateTimeOffset When,
    [property: Id(4)] ConfigurationRefusal? LastRefusal,
    [property: Id(5)] ImmutableArray<string> DivergentSilos,
    [property: Id(6)] ImmutableArray<ConfigurationHistoryEntry> History)
{
    /// <summary>The trial of the version in force; <see langword="null"/> when it is not, or no longer, on trial.</summary>
    [Id(7)] public TriedConfiguration? Trial { get; init; }

    /// <summary>What the cluster last took back by itself; <see langword="null"/> for nothing.</summary>
    [Id(8)] public TakenBackConfiguration? LastRollback { get; init; }
}
