using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Core;
using OrleansLb.Hosting.Files;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>Adds routes that answer by themselves.</summary>
internal static class AnswerServices
{
    public static void AddRouteAnswers(this IServiceCollection services)
    {
        services.AddSingleton<AnswerMetrics>();
        services.AddSingleton<PageMetrics>();
        services.AddSingleton<PageLibrary>();
        services.AddSingleton<IHostedService>(static provider =>
            new FileWatcher(provider.GetRequiredService<PageLibrary>().Look, provider.GetRequiredKeyedService<TimeProvider>(Clocks.Key)));
        services.AddSingleton<AnsweringEndpoints>();
    }

    /// <summary>Lets YARP's endpoints answer by themselves where their routes say so.</summary>
    /// <param name="proxy">YARP's endpoints.</param>
    /// <param name="application">The application that they are of.</param>
    public static void AnswerByThemselves(this ReverseProxyConventionBuilder proxy, WebApplication application)
    {
        var endpoints = application.Services.GetRequiredService<AnsweringEndpoints>();
        var (entrance, openEntrance) = (AnsweringEndpoints.Entrance(application), AnsweringEndpoints.OpenEntrance(application));
        proxy.Add(endpoint => endpoints.Change(endpoint, entrance, openEntrance));
    }
}
