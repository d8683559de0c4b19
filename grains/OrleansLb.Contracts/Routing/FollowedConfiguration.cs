namespace OrleansLb.Contracts.Routing;

/// <summary>What one silo follows.</summary>
/// <param name="Version">The highest version that the silo was given; 0 for none.</param>
/// <param name="Document">That version, when it is newer than the caller's.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FollowedConfiguration")]
public sealed record FollowedConfiguration(
    [property: Id(0)] long Version,
    [property: Id(1)] ConfigurationDocument? Document);
