using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace OrleansLb.Hosting.Lifetime;

/// <summary>For hosts that live inside the process' host and are started and stopped by one of its services.</summary>
public static class InnerHostExtensions
{
    /// <summary>Leaves signals to the process' host: a drain needs what runs inside until its end.</summary>
    /// <param name="services">Services of the inner host.</param>
    public static IServiceCollection IgnoreSignals(this IServiceCollection services) =>
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoSignals>());
}
