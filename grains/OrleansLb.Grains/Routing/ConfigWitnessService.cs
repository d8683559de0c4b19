using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Routing;

namespace OrleansLb.Grains.Routing;

/// <summary>Says what this silo follows.</summary>
internal sealed class ConfigWitnessService(GrainId grainId, Silo silo, ILoggerFactory loggerFactory, ConfigurationFollower follower)
    : GrainService(grainId, silo, loggerFactory), IConfigWitness
{
    public ValueTask<FollowedConfiguration> Followed(long knownVersion) => new(follower.Followed(knownVersion));
}
