using System.Collections.Immutable;
using OrleansLb.Core.Configuration.Rollbacks;

namespace OrleansLb.Core.Configuration;

/// <summary>A valid configuration that is handed in.</summary>
/// <param name="Kind">Whether a file or an administrator hands it in.</param>
/// <param name="Source">Name of the silo or administrator. A silo's name must outlive its restarts.</param>
/// <param name="Digest">SHA-256 of the settings in hex.</param>
/// <param name="Settings">The settings, packed.</param>
/// <param name="Generations">The ledger once this is in force, advanced with <see cref="ConfigurationState.NextVersion"/>.</param>
/// <param name="When">Now, for people to read.</param>
public sealed record ConfigurationSubmission(
    SubmissionKind Kind,
    string Source,
    string Digest,
    ImmutableArray<byte> Settings,
    GenerationLedger Generations,
    DateTimeOffset When)
{
    /// <summary>How it has to prove itself; <see langword="null"/> when it is not judged.</summary>
    public ConfigurationTrial? Trial { get; init; }
}
