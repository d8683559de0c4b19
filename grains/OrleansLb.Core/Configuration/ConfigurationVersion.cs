using System.Collections.Immutable;

namespace OrleansLb.Core.Configuration;

/// <summary>One accepted configuration.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Digest">SHA-256 of its settings in hex.</param>
/// <param name="Source">Silo or administrator that submitted it.</param>
/// <param name="When">When it was accepted, for people to read.</param>
/// <param name="Settings">Its settings, packed.</param>
public sealed record ConfigurationVersion(
    long Version,
    string Digest,
    string Source,
    DateTimeOffset When,
    ImmutableArray<byte> Settings);
