using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace OrleansLb.Clustering.Membership;

/// <summary>Orleans settings that decide how fast a cluster notices a dead silo; every executable and test cluster shares them.</summary>
public static class FailureDetection
{
    /// <summary>
    /// Largest message between silos and clients. Orleans' own 100 MB would let one peer fill a silo's memory; the largest message of
    /// ours is a configuration.
    /// </summary>
    private const int LargestMessage = 4 * 1024 * 1024;

    /// <summary>Largest header of one, which has ids and names only.</summary>
    private const int LargestHeader = 64 * 1024;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Grains of a killed silo are callable again in about 2 s instead of 12 s. One vote suffices, because a silo that misses
    /// two probes of half a second is gone for a load balancer either way, and its grains are rebuilt from the front-ends' reports.
    /// </summary>
    /// <param name="services">Services of the silo.</param>
    public static IServiceCollection AddFastFailureDetection(this IServiceCollection services)
    {
        services.Configure<ClusterMembershipOptions>(static options =>
        {
            options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
            options.MaxProbeTimeout = TimeSpan.FromSeconds(2);
            options.NumMissedProbesLimit = 2;
            options.NumVotesForDeathDeclaration = 1;
            // Before it declares one dead, a silo has a third probe it, and tells by the age of rows whom it can ask: when two of three die at
            // once, it would ask the one about the other until the rows that it has read are old. Silos also pass news on to none whose row
            // seems old, so rows must be written and read more often than they age.
            options.TableRefreshTimeout = SignOfLife;
            options.IAmAliveTablePublishTimeout = SignOfLife;
            options.NumMissedTableIAmAliveLimit = 3;
            // It compares clocks of two machines: one that is minutes ahead would declare each silo dead that joins. Those that die meanwhile
            // are found by probes, as all others are.
            options.EvictWhenMaxJoinAttemptTimeExceeded = false;
        });
        services.Configure<SiloMessagingOptions>(static options => (options.MaxMessageHeaderSize, options.MaxMessageBodySize) = (LargestHeader, LargestMessage));
        return services;
    }

    /// <summary>The client's half: it notices a lost gateway within a second.</summary>
    /// <param name="services">Services of the client.</param>
    public static IServiceCollection AddFastGatewayRefresh(this IServiceCollection services)
    {
        services.Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
        services.Configure<ClientMessagingOptions>(static options => (options.MaxMessageHeaderSize, options.MaxMessageBodySize) = (LargestHeader, LargestMessage));
        return services;
    }
}
