using Orleans.TestingHost;
using OrleansLb.Clustering.Events;
using OrleansLb.Clustering.Membership;
using OrleansLb.Grains.Hosting;

namespace OrleansLb.Testing.Clusters;

/// <summary>Starts in-process clusters with the product's grains.</summary>
public static class TestClusters
{
    /// <summary>Starts a cluster.</summary>
    /// <param name="silos">How many silos.</param>
    /// <param name="configure">What a test changes in each silo, after the product's own registrations.</param>
    public static async Task<InProcessTestCluster> Start(int silos = 1, Action<ISiloBuilder>? configure = null)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage(GrainsSiloBuilderExtensions.StorageName);
            silo.AddOrleansLbEventStream();
            silo.AddOrleansLbGrains();
            silo.Services.AddFastFailureDetection();
            configure?.Invoke(silo);
        });
        builder.ConfigureClient(static client => client.Services.AddFastGatewayRefresh());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
