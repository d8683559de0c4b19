using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Concurrency;

/// <summary>One limit over two front-ends with real listeners, and a backend that counts for itself.</summary>
public sealed class FleetLimitTests : IDisposable
{
    private static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly HttpClient _client = new(new SocketsHttpHandler());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    public async Task Requests_FourfoldDemandAtTwoFrontends_NeverMoreThanTheLimitAndAllAreServed(int limit)
    {
        await using var backend = await HoldingBackend.Start(serviceTime: ServiceTime);
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, backend, limit);

        // Closed loops: so many requests are under way all the time.
        var statuses = await Task.WhenAll(Enumerable.Range(0, 4 * limit).Select(client => Loop(frontends.ElementAt(client % 2), times: 40)));

        Assert.All(statuses.SelectMany(static status => status), static status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange(backend.Most, 1, limit);
        // Reached, not only kept.
        Assert.Equal(limit, backend.Most);
    }

    [Fact]
    public async Task Requests_SiloOfThePoolKilled_AllAreServedAndTheLimitHolds()
    {
        const int limit = 6;
        await using var backend = await HoldingBackend.Start(serviceTime: ServiceTime);
        await using var cluster = await TestClusters.Start(silos: 2);
        await using var frontends = await Start(cluster, backend, limit);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 2 * limit).Select(client => Loop(frontends.ElementAt(client % 2), int.MaxValue, stop.Token)).ToArray();
        await Eventually.Is(() => backend.Served > 100);

        await cluster.KillHostOf(Pool(cluster), Cancellation);
        await Eventually.Is(async () => await Slots(cluster) is { IsComplete: true });
        var before = backend.Served;
        await Eventually.Is(() => backend.Served > before + 100);
        await stop.CancelAsync();

        Assert.All((await Task.WhenAll(load)).SelectMany(static status => status), static status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange(backend.Most, 1, limit);
    }

    [Fact]
    public async Task Frontend_StopsInGoodOrder_ItsSlotsAreTheOthersAtOnce()
    {
        const int limit = 4;
        await using var backend = await HoldingBackend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, backend, limit);
        var (first, second) = (frontends.ElementAt(0), frontends.ElementAt(1));
        var held = Enumerable.Range(0, limit).Select(_ => _client.GetAsync(first.Address, Cancellation)).ToArray();
        await Eventually.Is(() => backend.Inside == limit);
        var waits = Enumerable.Range(0, limit).Select(_ => _client.GetAsync(second.Address, Cancellation)).ToArray();
        await Eventually.Is(async () => await Slots(cluster) is { } status && Holding(status, "fe-1").Waiting == limit);

        var stopping = first.Services.GetRequiredService<IHost>().StopAsync(Cancellation);
        backend.ReleaseAll();
        await stopping;

        var left = (await Slots(cluster))!;
        Assert.Equal(default, Holding(left, "fe-0"));
        await Eventually.Is(() => backend.Inside == limit);
        backend.ReleaseAll();
        Assert.All(await Task.WhenAll([.. held, .. waits]), static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(limit, backend.Most);
    }

    [Fact]
    public async Task Limit_RaisedAndRemovedByConfiguration_IsFollowed()
    {
        await using var backend = await HoldingBackend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontends = await Start(cluster, backend, limit: 1);
        var answers = Enumerable.Range(0, 6).Select(i => _client.GetAsync(frontends.ElementAt(i % 2).Address, Cancellation)).ToArray();
        await Eventually.Is(() => backend.Inside == 1);

        await Apply(cluster, backend, 3);
        await Eventually.Is(() => backend.Inside == 3);
        await Apply(cluster, backend, null);
        await Eventually.Is(() => backend.Inside == 6);

        backend.ReleaseAll();
        Assert.All(await Task.WhenAll(answers), static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Null(await Slots(cluster));
    }

    private async Task<Disposables<ClusterFrontend>> Start(InProcessTestCluster cluster, HoldingBackend backend, int limit)
    {
        var version = await Apply(cluster, backend, limit);
        var frontends = new Disposables<ClusterFrontend>();
        for (var i = 0; i < 2; i++)
        {
            var frontend = await ClusterFrontend.Start(Path.Combine(_directory, $"{i}"), cluster.Client, id: $"fe-{i}");
            frontends.Add(frontend);
            await frontend.Configuration.Reaches(version);
        }

        // Until then requests wait for the cluster and not for each other.
        await Eventually.Is(async () => await Slots(cluster) is { IsComplete: true });
        return frontends;
    }

    private static Task<long> Apply(InProcessTestCluster cluster, HoldingBackend backend, int? limit)
    {
        var document = TestConfigurations.OnePool(backend.Address);
        return cluster.Client.Apply(limit is null ? document : document.With(
            ("ReverseProxy:Clusters:app:OrleansLb:MaxConcurrentRequestsPerDestination", limit.Value.ToString(CultureInfo.InvariantCulture)),
            ("ReverseProxy:Clusters:app:OrleansLb:Queue:Timeout", "00:01:00")));
    }

    private async Task<List<HttpStatusCode>> Loop(ClusterFrontend frontend, int times, CancellationToken stop = default)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < times && !stop.IsCancellationRequested; i++)
        {
            using var answer = await _client.GetAsync(frontend.Address, Cancellation);
            statuses.Add(answer.StatusCode);
        }

        return statuses;
    }

    private static SlotHolding Holding(PoolSlotStatus status, string frontend) =>
        status.Backends.TryGetValue("b0", out var holdings) && holdings.TryGetValue(frontend, out var holding) ? holding : default;

    private static async Task<PoolSlotStatus?> Slots(InProcessTestCluster cluster)
    {
        try
        {
            return await Pool(cluster).GetSlots();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // A silo has just been killed; the next look finds its successor.
            return null;
        }
    }

    private static IPoolGrain Pool(InProcessTestCluster cluster) => cluster.Client.GetGrain<IPoolGrain>("app");
}
