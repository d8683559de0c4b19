using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Routing;

namespace OrleansLb.Grains.Routing;

/// <summary>Calls the service of every silo that the membership has as active; a dead one is not among them for long.</summary>
internal sealed partial class ConfigWitnesses(IServiceProvider services, ISiloStatusOracle silos, ILogger<ConfigWitnesses> logger)
    : GrainServiceClient<IConfigWitness>(services), IConfigWitnesses
{
    public async Task<WitnessedConfiguration> Ask(long knownVersion)
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys;
        var answers = await Task.WhenAll(active.Select(silo => Ask(silo, knownVersion)));
        return new WitnessedConfiguration(
            answers.All(static answer => answer is not null),
            answers.Max(static answer => answer?.Version ?? 0),
            answers.Select(static answer => answer?.Document).MaxBy(static document => document?.Version ?? 0));
    }

    private async Task<FollowedConfiguration?> Ask(SiloAddress silo, long knownVersion)
    {
        try
        {
            return await GetGrainService(silo).Followed(knownVersion);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotAnswered(logger, silo, exception.Message);
            return null;
        }
    }
}
