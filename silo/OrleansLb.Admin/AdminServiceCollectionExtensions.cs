using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Admin.Backends;
using OrleansLb.Admin.Events;
using OrleansLb.Admin.Frontends;
using OrleansLb.Admin.RateLimits;
using OrleansLb.Admin.Sessions;
using OrleansLb.Admin.Status;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin;

/// <summary>Adds the status API to a silo's status server.</summary>
public static class AdminServiceCollectionExtensions
{
    /// <summary>Adds every endpoint below <c>/api/v1</c>.</summary>
    /// <param name="services">Services of the silo's process.</param>
    public static IServiceCollection AddOrleansLbAdmin(this IServiceCollection services)
    {
        services.AddSingleton<ClusterGuard>();
        services.AddSingleton<ClusterStatusReader>();
        services.AddSingleton<IStatusEndpoints, StatusApi>();
        services.AddSingleton<IStatusEndpoints, BackendApi>();
        services.AddSingleton<IStatusEndpoints, FrontendApi>();
        services.AddSingleton<SessionDirectory>();
        services.AddSingleton<IStatusEndpoints, SessionApi>();
        services.AddSingleton<LimitKeyDirectory>();
        services.AddSingleton<IStatusEndpoints, LimitKeyApi>();
        services.AddSingleton<EventFeedMetrics>();
        services.AddSingleton<EventFeed>();
        services.AddSingleton<EventFeeds>();
        services.AddGrainService<EventFeedService>();
        services.AddSingleton<IStatusEndpoints, EventApi>();
        return services;
    }

    /// <summary>Makes readiness depend on the configuration, for a silo without a front-end, whose own check says the same.</summary>
    /// <param name="services">Services of the silo's process.</param>
    public static IServiceCollection AddSiloReadiness(this IServiceCollection services) =>
        services.AddSingleton<IReadinessCheck, ConfigurationReadinessCheck>();
}
