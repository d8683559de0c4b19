using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Balancing;
using Yarp.ReverseProxy.LoadBalancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Adds the policies by which a front-end picks.</summary>
internal static class PolicyServices
{
    /// <summary>Adds ours beside YARP's, and in the place of those of the same name.</summary>
    /// <param name="services">Services with YARP's already among them.</param>
    public static void AddClusterPolicies(this IServiceCollection services)
    {
        RemoveYarps(services, LoadBalancingPolicyNames.RoundRobin, LoadBalancingPolicyNames.Random);
        services.AddSingleton<RouteSubsets>();
        services.AddSingleton<PickPlanner>();
        services.AddSingleton<PickPlans>();
        services.AddPolicy<RoundRobinPolicy>();
        services.AddPolicy<RandomPolicy>();
        services.AddPolicy<WeightedRoundRobinPolicy>();
        services.AddPolicy<WeightedRandomPolicy>();
        services.AddPolicy<ClusterLeastRequestsPolicy>();
        services.AddPolicy<ClusterPowerOfTwoChoicesPolicy>();
        services.AddPolicy<LeastResponseTimePolicy>();
        services.AddPolicy<HotColdPolicy>();
        services.AddPolicy<ResourceBasedPolicy>();
        services.AddPolicy<ConsistentHashPolicy>();
        services.AddPolicy<RendezvousPolicy>();
        services.AddPolicy<BoundedLoadHashPolicy>();
        foreach (var name in new[]
        {
            LoadBalancingPolicyNames.Maglev,
            LoadBalancingPolicyNames.IpHash,
            LoadBalancingPolicyNames.UrlHash,
            LoadBalancingPolicyNames.HeaderHash,
            LoadBalancingPolicyNames.CookieHash,
        })
            services.AddSingleton<ILoadBalancingPolicy>(provider => new MaglevPolicy(name, provider.GetRequiredService<PickPlans>()));
    }

    private static void AddPolicy<TPolicy>(this IServiceCollection services)
        where TPolicy : class, ILoadBalancingPolicy =>
        services.AddSingleton<ILoadBalancingPolicy, TPolicy>();

    /// <summary>YARP allows one policy of each name; its own are internal classes called after it.</summary>
    private static void RemoveYarps(IServiceCollection services, params string[] names)
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i].ServiceType == typeof(ILoadBalancingPolicy)
                && names.Any(name => services[i].ImplementationType?.Name == $"{name}LoadBalancingPolicy"))
                services.RemoveAt(i);
        }
    }
}
