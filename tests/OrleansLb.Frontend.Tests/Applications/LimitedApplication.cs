using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.RateLimiting;

namespace OrleansLb.Frontend.Tests.Applications;

/// <summary>An application that carries no traffic of pools: a client of the cluster, whose limits it uses by itself and for an endpoint.</summary>
internal sealed class LimitedApplication : IAsyncDisposable
{
    internal const string Id = "shop";

    private readonly WebApplication _application;

    private LimitedApplication(WebApplication application) => _application = application;

    internal Uri Address => new(_application.Urls.Single());

    internal ClusterRateLimits Limits => _application.Services.GetRequiredService<ClusterRateLimits>();

    internal IConfigurationView Configuration => _application.Services.GetRequiredService<IConfigurationView>();

    internal static async Task<LimitedApplication> Start(string directory, IGrainFactory grains, string policy)
    {
        var builder = LoopbackHost.Create(HttpProtocols.Http1);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OrleansLb:Frontend:Id"] = Id,
            ["OrleansLb:Frontend:DataDirectory"] = directory,
        });
        builder.Services.AddSingleton(grains);
        builder.Services.AddOrleansLbRateLimits(
            builder.Configuration, options => options.AddClusterPolicy(policy, static context => context.Request.Headers["X-Key"].ToString()));
        var application = builder.Build();
        application.UseRateLimiter();
        application.MapGet("/id", static () => Results.Text("served")).RequireRateLimiting(policy);
        await application.StartAsync();
        return new LimitedApplication(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
