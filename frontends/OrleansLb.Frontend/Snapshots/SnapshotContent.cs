namespace OrleansLb.Frontend.Snapshots;

/// <summary>What the snapshot on disk holds: one version of the configuration, readable by people.</summary>
internal sealed record SnapshotContent(
    long Version,
    string Digest,
    IReadOnlyDictionary<string, string?> Settings,
    IReadOnlyList<SnapshotGeneration> Generations,
    IReadOnlyList<SnapshotKey> Keys,
    string SigningKeyId)
{
    /// <summary>What keys of learned sessions are derived with; <see langword="null"/> in a file of a build that does not know it.</summary>
    public byte[]? SessionSecret { get; init; }
}
