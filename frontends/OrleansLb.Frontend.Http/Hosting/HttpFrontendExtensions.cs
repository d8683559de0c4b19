using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Adds the HTTP front-end to an ASP.NET Core application.</summary>
public static class HttpFrontendExtensions
{
    /// <summary>Adds YARP with the cluster's policies.</summary>
    /// <param name="services">Services of the application.</param>
    public static IServiceCollection AddOrleansLbHttpFrontend(this IServiceCollection services)
    {
        services.AddReverseProxy();
        return services;
    }

    /// <summary>Maps every configured route, through limit, affinity, pick, forward and outcome, in that order.</summary>
    /// <param name="application">The application.</param>
    public static WebApplication MapOrleansLbProxy(this WebApplication application)
    {
        application.MapReverseProxy(static proxy =>
        {
            proxy.UseSessionAffinity();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return application;
    }
}
