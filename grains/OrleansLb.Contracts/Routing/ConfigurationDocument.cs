using System.Collections.Immutable;

namespace OrleansLb.Contracts.Routing;

/// <summary>One version of the configuration with all that a process needs to compile it alike.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Digest">SHA-256 of the settings in hex.</param>
/// <param name="Settings">The settings, packed.</param>
/// <param name="Generations">The generation ledger of this version, packed.</param>
/// <param name="Keys">Keys of the affinity cookie: next, current and previous.</param>
/// <param name="SigningKeyId">Id of the key that seals new cookies; empty when none does yet.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ConfigurationDocument")]
public sealed record ConfigurationDocument(
    [property: Id(0)] long Version,
    [property: Id(1)] string Digest,
    [property: Id(2)] byte[] Settings,
    [property: Id(3)] byte[] Generations,
    [property: Id(4)] ImmutableArray<RingKey> Keys,
    [property: Id(5)] string SigningKeyId)
{
    /// <summary>What keys of learned sessions are derived with; empty or <see langword="null"/> from a build that does not know it.</summary>
    [Id(6)] public byte[]? SessionSecret { get; init; }
}
