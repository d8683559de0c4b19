using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ObjectPool;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Puts the direct forwarder before YARP's.</summary>
internal static class ForwardingServices
{
    /// <summary>Adds it; after YARP and all transform providers.</summary>
    public static void AddDirectForwarder(this IServiceCollection services)
    {
        var inner = services.Last(static service => service.ServiceType == typeof(IHttpForwarder)).ImplementationType
            ?? throw new InvalidOperationException("YARP's forwarder is not registered as a class.");
        services.TryAddSingleton<ForwardingTimes>();
        services.AddSingleton<ConnectionPools>();
        services.AddSingleton<ForwardingMetrics>();
        services.AddSingleton<BackendDialer>();
        services.AddSingleton<ObjectPool<DirectExchange>, ExchangePool>();
        services.AddSingleton<RoutePlans>();
        services.AddSingleton<ITransformProvider>(static provider => provider.GetRequiredService<RoutePlans>());
        services.Replace(ServiceDescriptor.Singleton<IHttpForwarder>(provider =>
            ActivatorUtilities.CreateInstance<DirectForwarder>(provider, ActivatorUtilities.CreateInstance(provider, inner))));
    }
}
