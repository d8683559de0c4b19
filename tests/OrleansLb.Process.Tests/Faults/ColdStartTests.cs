using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class ColdStartTests
{
    [Fact]
    public async Task Start_RedisAndAllSilosDown_ServesFromTheSnapshotOnDisk()
    {
        await using var cluster = await ProcessCluster.Start(silos: 1, frontends: 1);
        var frontend = cluster.Frontends[0];
        await Eventually.Holds("the configuration is on disk", TimeSpan.FromSeconds(20), () => Task.FromResult(File.Exists(cluster.SnapshotOf(frontend))));
        await frontend.Kill();
        await cluster.Silos[0].Kill();
        await cluster.Redis!.Kill();

        var cold = cluster.Restart(frontend);

        var took = await Eventually.Holds("a cold front-end serves", TimeSpan.FromSeconds(20), async () =>
            await cluster.TryGet(cold.Address) is not null, () => cold.Output);
        FaultFigures.Say("F2", "Redis and all silos are down, and a front-end starts from its snapshot", "start until the first answer", Seen.Seconds(took), "3 s", "-");
    }

    [Fact]
    public async Task Start_SiloWithoutRedis_EndsWithOneLineThatNamesIt()
    {
        await using var cluster = await ProcessCluster.Start(silos: 1, frontends: 0, backends: 0);
        await cluster.Redis!.Kill();

        await using var silo = cluster.StartSilo("late");

        Assert.Equal(1, await silo.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Contains("OrleansLb.Silo: It was not possible to connect to the redis server", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AllSilosDown_ServesItsShareOfALimit()
    {
        await using var cluster = await ProcessCluster.Start(silos: 1, frontends: 1, configure: Limit);
        var frontend = cluster.Frontends[0];
        await Eventually.Holds("the configuration and the share are on disk", TimeSpan.FromSeconds(30), () => Task.FromResult(
            File.Exists(cluster.SnapshotOf(frontend)) && File.Exists(cluster.ShareOf(frontend))));
        await frontend.Kill();
        await cluster.Silos[0].Kill();
        await cluster.Redis!.Kill();

        var cold = cluster.Restart(frontend);

        await Eventually.Holds("a cold front-end admits what is limited", TimeSpan.FromSeconds(30), async () =>
            await cluster.TryGet(cold.Address) is not null, () => cold.Output);
    }

    [Fact]
    public async Task Start_NoSnapshotAndNoSilo_Answers503WithRetryAfter()
    {
        await using var cluster = await ProcessCluster.Start(silos: 1, frontends: 0);
        await cluster.Silos[0].Kill();
        await cluster.Redis!.Kill();

        var cold = cluster.StartFrontend("fe-new");
        cluster.Frontends.Add(cold);
        using var client = new HttpClient();
        HttpResponseMessage? response = null;
        await Eventually.Holds("the front-end answers", TimeSpan.FromSeconds(20), async () =>
        {
            try
            {
                response = await client.GetAsync(cold.Address, TestContext.Current.CancellationToken);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, () => cold.Output);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response!.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Null(await cluster.TryGet(new Uri(cold.Status, "/readyz")));
        Assert.NotNull(await cluster.TryGet(new Uri(cold.Status, "/livez")));
    }

    private static void Limit(JsonObject configuration)
    {
        configuration["ReverseProxy"]!["Routes"]!["app"]!["RateLimiterPolicy"] = "limit";
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
