using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Tests;

/// <summary>A front-end as the executable composes it: real pipeline, configuration from the cluster or from its folder.</summary>
internal sealed class ClusterFrontend : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ClusterFrontend(WebApplication application) => _application = application;

    internal Uri Address => new(_application.Urls.First());

    internal IServiceProvider Services => _application.Services;

    internal IConfigurationView Configuration => Services.GetRequiredService<IConfigurationView>();

    internal Readiness Readiness => Services.GetServices<IReadinessCheck>().Single(static check => check.Name == "configuration").Check();

    /// <param name="directory">Folder of its snapshot.</param>
    /// <param name="grains">The cluster; <see langword="null"/> for one that never answers.</param>
    /// <param name="configure">What a test changes, after the product's own registrations.</param>
    /// <param name="id">Its id.</param>
    /// <param name="settings">Further settings of its process.</param>
    internal static async Task<ClusterFrontend> Start(string directory, IGrainFactory? grains, Action<IServiceCollection>? configure = null, string id = "fe-1", Dictionary<string, string?>? settings = null)
    {
        // Where it is told where to listen, it does so there alone.
        var builder = settings?.ContainsKey("OrleansLb:Frontend:Urls") == true ? LoopbackHost.Create() : LoopbackHost.Create(HttpProtocols.Http1);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OrleansLb:Frontend:Id"] = id,
            ["OrleansLb:Frontend:DataDirectory"] = directory,
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddSingleton<IClusterLink>(grains is null ? new NoClusterLink() : new FixedClusterLink(grains));
        builder.AddOrleansLbHttpFrontend();
        configure?.Invoke(builder.Services);
        var application = builder.Build();
        application.MapOrleansLbProxy();
        await application.StartAsync();
        return new ClusterFrontend(application);
    }

    /// <summary>Counts what one of its instruments measures from now on.</summary>
    internal MetricCollector<long> Collect(string meter, string instrument) =>
        new(Services.GetRequiredService<IMeterFactory>(), meter, instrument);

    /// <summary>Ends it without a goodbye. Whatever runs in the background has ended too: a process that is gone writes no file any more.</summary>
    public async ValueTask DisposeAsync()
    {
        var running = Services.GetServices<IHostedService>().OfType<BackgroundService>().ToArray();
        await _application.DisposeAsync();
        foreach (var service in running)
            await (service.ExecuteTask ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
