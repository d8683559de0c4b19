using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ObjectPool;
using OrleansLb.Frontend.Http.Limits;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Puts forwarders before YARP's.</summary>
internal static class ForwardingServices
{
    /// <summary>Adds the one that looks at what YARP's is about to send; after YARP.</summary>
    public static void AddStrictForwarder(this IServiceCollection services)
    {
        var inner = services.Last(static service => service.ServiceType == typeof(IHttpForwarder)).ImplementationType
            ?? throw new InvalidOperationException("YARP's forwarder is not registered as a class.");
        services.AddSingleton<FieldRules>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<StrictForwarder>(provider, ActivatorUtilities.CreateInstance(provider, inner)));
        services.Replace(ServiceDescriptor.Singleton<IHttpForwarder>(static provider => provider.GetRequiredService<StrictForwarder>()));
    }

    /// <summary>Adds the direct one before it; after all transform providers.</summary>
    public static void AddDirectForwarder(this IServiceCollection services)
    {
        services.TryAddSingleton<ForwardingTimes>();
        services.AddSingleton<ConnectionPools>();
        services.AddSingleton<ForwardingMetrics>();
        services.AddSingleton<BackendDialer>();
        services.AddHostedService<PreConnector>();
        services.AddSingleton<ObjectPool<DirectExchange>, ExchangePool>();
        services.AddSingleton<RoutePlans>();
        services.AddSingleton<ITransformProvider>(static provider => provider.GetRequiredService<RoutePlans>());
        services.Replace(ServiceDescriptor.Singleton<IHttpForwarder>(static provider =>
            ActivatorUtilities.CreateInstance<DirectForwarder>(provider, provider.GetRequiredService<StrictForwarder>())));
    }
}
