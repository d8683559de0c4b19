using Orleans.Services;

namespace OrleansLb.Contracts.Routing;

/// <summary>
/// Says which configuration the silo that is called follows. A service of every silo and not a grain, because the configuration's grain
/// has to hear each of them: its store may have been lost or set back, and they know what was in force.
/// </summary>
[Alias("OrleansLb.IConfigWitness"), GrainInterfaceType("OrleansLb.Contracts.Routing.IConfigWitness")]
public interface IConfigWitness : IGrainService
{
    /// <summary>What this silo follows.</summary>
    /// <param name="knownVersion">Version that the caller has.</param>
    [Alias("Followed"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask<FollowedConfiguration> Followed(long knownVersion);
}
