namespace OrleansLb.Grains.Routing;

/// <summary>One accepted configuration as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.StoredVersion")]
internal sealed record StoredVersion(
    [property: Id(0)] long Version,
    [property: Id(1)] string Digest,
    [property: Id(2)] string Source,
    [property: Id(3)] DateTimeOffset When,
    [property: Id(4)] byte[] Settings);
