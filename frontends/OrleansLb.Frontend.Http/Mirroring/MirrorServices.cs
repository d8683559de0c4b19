using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Circuits;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Http.Tls;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Adds copies of requests for other pools.</summary>
internal static class MirrorServices
{
    public static void AddMirroring(this IServiceCollection services)
    {
        services.AddSingleton<MirrorMetrics>();
        services.AddSingleton<MirrorPlans>();
        services.AddSingleton<MirrorForwarder>();
        services.AddSingleton<MirrorCopies>();
        services.AddHostedService(static provider => provider.GetRequiredService<MirrorCopies>());
    }

    /// <summary>What copies go through: they count at their pool as requests do, but have no session, no limit, no queue and no second attempt.</summary>
    /// <param name="endpoints">The application.</param>
    public static MirrorPipeline Pipeline(IEndpointRouteBuilder endpoints)
    {
        var application = endpoints.CreateApplicationBuilder();
        application.UseMiddleware<BackendProfileMiddleware>();
        application.UseMiddleware<CircuitMiddleware>();
        application.UseMiddleware<MirrorPick>();
        application.UseMiddleware<InFlightMiddleware>();
        application.Run(application.ApplicationServices.GetRequiredService<MirrorForwarder>().Send);
        return new MirrorPipeline(application.Build());
    }
}
