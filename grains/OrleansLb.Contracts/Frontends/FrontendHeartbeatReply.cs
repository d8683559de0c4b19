namespace OrleansLb.Contracts.Frontends;

/// <summary>Answer to a heartbeat.</summary>
/// <param name="Known">Whether this incarnation is registered; if not, the front-end registers again.</param>
/// <param name="ConfigurationVersion">Newest configuration version the answering silo knows; repairs a lost push.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendHeartbeatReply")]
public sealed record FrontendHeartbeatReply(
    [property: Id(0)] bool Known,
    [property: Id(1)] long ConfigurationVersion);
