using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Frontend.Pools;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

public sealed class ExchangeLoopTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Request_InFlight_IsInThePoolsTotalsAndInTheOthersView()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        var version = await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address));
        await using var busy = await Start(cluster, "busy", version);
        await using var other = await Start(cluster, "other", version);
        using var client = new HttpClient { BaseAddress = busy.Address };
        using var body = new GatedContent();

        var answer = client.PostAsync("/echo", body, TestContext.Current.CancellationToken);

        await Eventually.Is(() => IsMet(cluster, status => status.Backends.Single().ByFrontend.GetValueOrDefault("busy").Requests == 1));
        await Eventually.Is(() => Foreign(other) == 1 && Foreign(busy) == 0);
        body.Open();
        (await answer).Dispose();
        await Eventually.Is(() => Foreign(other) == 0);
    }

    [Fact]
    public async Task Request_SentTwice_IsInTheRetriesOfThePool()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster, "fe", await cluster.Client.Apply(TestConfigurations.OnePool("http://127.0.0.1:1/", backend.Address)));
        using var client = new HttpClient { BaseAddress = frontend.Address };
        await Eventually.Is(async () =>
        {
            Assert.Equal("a", await client.GetStringAsync("/id", TestContext.Current.CancellationToken));
            return await IsMet(cluster, static status => status.Retries is { Repeated: > 0, Requests: > 0, Denied: 0, Left: > 0 });
        });
    }

    [Fact]
    public async Task Stop_FrontendLeaves_ItsRowIsGoneAtOnce()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster, "fe", await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address)));
        await Eventually.Is(() => IsMet(cluster, status => status.Frontends.Contains("fe")));

        await frontend.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty((await Status(cluster)).Frontends);
    }

    [Fact]
    public async Task Silo_OfThePoolKilled_SharingGoesOnWithItsSuccessor()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start(silos: 2);
        await using var frontend = await Start(cluster, "fe", await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address)));
        await Eventually.Is(() => IsMet(cluster, status => status.Frontends.Contains("fe")));

        await cluster.KillHostOf(Pool(cluster), TestContext.Current.CancellationToken);

        await Eventually.Is(() => IsMet(cluster, status => status.Frontends.Contains("fe")));
    }

    private static int Foreign(ClusterFrontend frontend) =>
        frontend.Services.GetRequiredService<PoolTable>().Current["app"].Load.View is { HasSnapshot: true } view ? view.Requests[0] : -1;

    private static Task<PoolStatus> Status(InProcessTestCluster cluster) => cluster.Client.StatusOf("app", TestContext.Current.CancellationToken);

    private static IPoolGrain Pool(InProcessTestCluster cluster) => cluster.Client.GetGrain<IPoolGrain>("app");

    private async Task<ClusterFrontend> Start(InProcessTestCluster cluster, string id, long version)
    {
        var frontend = await ClusterFrontend.Start(
            Path.Combine(_directory, id),
            cluster.Client,
            services => services.Configure<FrontendOptions>(options => options.Id = id));
        await frontend.Configuration.Reaches(version);
        return frontend;
    }

    private static async Task<bool> IsMet(InProcessTestCluster cluster, Func<PoolStatus, bool> condition) => condition(await Status(cluster));
}
