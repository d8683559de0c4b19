using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>A cluster that ran until its front-end had all that it needs on its disk, and of which nothing is left then but the disk and the backends.</summary>
public sealed class DeadCluster : IAsyncLifetime
{
    /// <summary>Requests below this path are limited.</summary>
    internal const string Limited = "/limited/";

    internal ProcessCluster Processes { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Processes = await ProcessCluster.Start(silos: 1, frontends: 1, configure: AddLimit);
        var frontend = Processes.Frontends[0];
        await Eventually.Holds("the configuration and the share are on disk", TimeSpan.FromSeconds(30), () => Task.FromResult(
            File.Exists(Processes.SnapshotOf(frontend)) && File.Exists(Processes.ShareOf(frontend))));
        await frontend.Kill();
        await Processes.Silos[0].Kill();
        await Processes.Redis!.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        // Not there when its start failed.
        if (Processes is not null)
            await Processes.DisposeAsync();
    }

    private static void AddLimit(JsonObject configuration)
    {
        configuration["ReverseProxy"]!["Routes"]!["limited"] = new JsonObject
        {
            ["ClusterId"] = "app",
            ["RateLimiterPolicy"] = "limit",
            ["Match"] = new JsonObject { ["Path"] = $"{Limited}{{**rest}}" },
        };
        configuration["OrleansLb"] = new JsonObject
        {
            ["RateLimiting"] = new JsonObject
            {
                ["Policies"] = new JsonObject
                {
                    ["limit"] = new JsonObject
                    {
                        ["Algorithm"] = "TokenBucket",
                        ["TokenLimit"] = 100,
                        ["TokensPerPeriod"] = 100,
                        ["ReplenishmentPeriod"] = "00:00:01",
                    },
                },
            },
        };
    }
}
