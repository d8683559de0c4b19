namespace OrleansLb.Contracts.Routing;

/// <summary>A configuration that is handed in.</summary>
/// <param name="Source">Name of the silo or administrator. A silo's name must outlive its restarts.</param>
/// <param name="IsFile">Whether a silo read it from its files; otherwise an administrator sends it.</param>
/// <param name="Digest">SHA-256 of the settings in hex.</param>
/// <param name="Settings">The settings, packed.</param>
/// <param name="KnownVersion">The highest version that the sender has ever seen in force; 0 for none.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SubmitRequest")]
public sealed record SubmitRequest(
    [property: Id(0)] string Source,
    [property: Id(1)] bool IsFile,
    [property: Id(2)] string Digest,
    [property: Id(3)] byte[] Settings,
    [property: Id(4)] long KnownVersion);
