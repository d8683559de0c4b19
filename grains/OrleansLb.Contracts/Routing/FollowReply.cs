namespace OrleansLb.Contracts.Routing;

/// <summary>Answer to a silo that follows the configuration.</summary>
/// <param name="Version">Version in force; lower than the silo's own only when the store was lost or set back.</param>
/// <param name="Newer">The configuration in force, when it is newer than the silo's.</param>
/// <param name="KnowsFile">Whether the grain knows what this silo's file said last; a lost store forgets it.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FollowReply")]
public sealed record FollowReply(
    [property: Id(0)] long Version,
    [property: Id(1)] ConfigurationDocument? Newer,
    [property: Id(2)] bool KnowsFile);
