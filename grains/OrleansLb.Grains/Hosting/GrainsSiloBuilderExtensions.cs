using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansLb.Core;

namespace OrleansLb.Grains.Hosting;

/// <summary>Adds the load balancer's grains to a silo.</summary>
public static class GrainsSiloBuilderExtensions
{
    /// <summary>Name of the grain storage that the product writes to; the executable decides what stands behind it.</summary>
    public const string StorageName = "orleanslb";

    /// <summary>Adds the grains and what they need; membership and the storage named <see cref="StorageName"/> are added apart.</summary>
    /// <param name="silo">The silo.</param>
    public static ISiloBuilder AddOrleansLbGrains(this ISiloBuilder silo)
    {
        silo.Services.TryAddKeyedSingleton(Clocks.Key, TimeProvider.System);
        silo.Services.TryAddSingleton<OrleansLb.Grains.Routing.IConfigurationVersion, OrleansLb.Grains.Routing.NoConfiguration>();
        return silo;
    }
}
