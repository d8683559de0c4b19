using System.Collections.Immutable;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration.Rollbacks;

namespace OrleansLb.Core.Configuration;

/// <summary>The version line of the cluster's configuration: what is in force, what came before, and what each silo's file said last.</summary>
public sealed record ConfigurationState
{
    /// <summary>Nothing was ever accepted.</summary>
    public static ConfigurationState Empty { get; } = new();

    /// <summary>Number of the version in force; 0 before the first.</summary>
    public long Version { get; init; }

    /// <summary>Digest of the version in force; empty before the first.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The highest version that anybody ever reported, this line's own included.</summary>
    public long HighestReported { get; init; }

    /// <summary>Generations of the backends of the version in force.</summary>
    public GenerationLedger Generations { get; init; } = GenerationLedger.Empty;

    /// <summary>Keys of the affinity cookie.</summary>
    public KeyRing Keys { get; init; } = KeyRing.Empty;

    /// <summary>
    /// When the ring last changed, by a new key or because another began to seal, for its next rotation; a wall clock's time, because a ring outlives processes.
    /// <see langword="default"/> when a build that knew no rotation stored the ring.
    /// </summary>
    public DateTimeOffset KeysSince { get; init; }

    /// <summary>The last file of each silo, the silo heard of last at the end; at most <see cref="ConfigurationMachine.MaxFiles"/>.</summary>
    public ImmutableArray<SubmittedFile> Files { get; init; } = [];

    /// <summary>Accepted configurations, oldest first, the one in force last.</summary>
    public ImmutableArray<ConfigurationVersion> History { get; init; } = [];

    /// <summary>The trial of the version in force; <see langword="null"/> when it has proven itself, or is not judged.</summary>
    public ConfigurationTrial? Trial { get; init; }

    /// <summary>The last version that was taken back; <see langword="null"/> for none.</summary>
    public ConfigurationRollback? LastRollback { get; init; }

    /// <summary>
    /// Digest of settings that were taken back and do not count as anybody's file until a file that said them says something else, or other settings are in force; empty for none.
    /// </summary>
    public string Barred { get; init; } = "";

    /// <summary>The number that the next accepted configuration gets.</summary>
    public long NextVersion => Math.Max(Version, HighestReported) + 1;

    /// <summary>
    /// The configuration in force; <see langword="null"/> before the first. Its number is lower than <see cref="Version"/> once the key
    /// ring changed after it.
    /// </summary>
    public ConfigurationVersion? Current => History.IsEmpty ? null : History[^1];

    /// <summary>Silos whose last file says something else than the version in force, for status pages.</summary>
    public IEnumerable<string> DivergentSources =>
        Files.Where(file => file.Digest != Digest).Select(static file => file.Source);

    /// <summary>A version of the history; <see langword="null"/> when it is not there, or no longer.</summary>
    /// <param name="version">Its number.</param>
    public ConfigurationVersion? Find(long version) => History.FirstOrDefault(entry => entry.Version == version);
}
