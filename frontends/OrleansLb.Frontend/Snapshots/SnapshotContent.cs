using System.Text.Json.Serialization;

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

    /// <summary>Whether there is anything secret in it.</summary>
    [JsonIgnore]
    public bool HoldsKeys => Keys.Count > 0 || SessionSecret is { Length: > 0 };

    /// <summary>The same without anything secret.</summary>
    public SnapshotContent WithoutKeys() => this with { Keys = [], SigningKeyId = "", SessionSecret = null };
}
