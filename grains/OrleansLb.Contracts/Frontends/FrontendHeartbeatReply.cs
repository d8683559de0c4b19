namespace OrleansLb.Contracts.Frontends;

/// <summary>Answer to a heartbeat.</summary>
/// <param name="Known">Whether this incarnation is registered; if not, the front-end registers again.</param>
/// <param name="ConfigurationVersion">Newest configuration version the answering silo knows; repairs a lost push.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendHeartbeatReply")]
public sealed record FrontendHeartbeatReply(
    [property: Id(0)] bool Known,
    [property: Id(1)] long ConfigurationVersion)
{
    /// <summary>
    /// Into how many parts every limit is divided should the cluster be lost, of which one is this front-end's; 0 when the silo
    /// does not know.
    /// </summary>
    [Id(2)] public int ShareParts { get; init; }
}
