namespace OrleansLb.Grains.Routing;

/// <summary>What one silo's file said when that silo last submitted it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.StoredFile")]
internal sealed record StoredFile(
    [property: Id(0)] string Source,
    [property: Id(1)] string Digest);
