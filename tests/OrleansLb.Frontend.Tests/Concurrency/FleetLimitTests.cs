using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Concurrency;

/// <summary>One limit over two front-ends with real listeners, and a backend that counts for itself.</summary>
public sealed class FleetLimitTests
{
    private static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    public async Task Requests_FourfoldDemandAtTwoFrontends_NeverMoreThanTheLimitAndAllAreServed(int limit)
    {
        await using var backend = await HoldingBackend.Start(serviceTime: ServiceTime);
        await using var cluster = await TestClusters.Start();
        await using var fleet = await LimitedFleet.Start(cluster, Limited(backend, limit));

        var statuses = await Task.WhenAll(fleet.Loops(clients: 4 * limit, times: 40, Cancellation));

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
        // A busy machine may notice a death when a lease is over already; what is promised then without silos comes on top, but for this choice.
        await using var fleet = await LimitedFleet.Start(cluster, Limited(backend, limit).With(("ReverseProxy:Clusters:app:OrleansLb:WhenUnreachable", "Deny")));
        using var stop = new CancellationTokenSource();
        var load = fleet.Loops(clients: 2 * limit, int.MaxValue, stop.Token);
        await Eventually.Is(() => backend.Served > 100);

        await cluster.KillHostOf(fleet.Pool, Cancellation);
        await Eventually.Is(async () => await fleet.Slots() is { IsComplete: true });
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
        await using var fleet = await LimitedFleet.Start(cluster, Limited(backend, limit));
        var held = Enumerable.Range(0, limit).Select(_ => fleet.Get(0)).ToArray();
        await Eventually.Is(() => backend.Inside == limit);
        var waits = Enumerable.Range(0, limit).Select(_ => fleet.Get(1)).ToArray();
        await Eventually.Is(async () => await fleet.Slots() is { } status && Holding(status, "fe-1").Waiting == limit);

        var stopping = fleet[0].Services.GetRequiredService<IHost>().StopAsync(Cancellation);
        backend.ReleaseAll();
        await stopping;

        var left = (await fleet.Slots())!;
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
        await using var fleet = await LimitedFleet.Start(cluster, Limited(backend, limit: 1));
        var answers = Enumerable.Range(0, 6).Select(i => fleet.Get(i % 2)).ToArray();
        await Eventually.Is(() => backend.Inside == 1);

        await cluster.Client.Apply(Limited(backend, 3));
        await Eventually.Is(() => backend.Inside == 3);
        await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address));
        await Eventually.Is(() => backend.Inside == 6);

        backend.ReleaseAll();
        Assert.All(await Task.WhenAll(answers), static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Null(await fleet.Slots());
    }

    private static SettingsDocument Limited(HoldingBackend backend, int limit) => TestConfigurations.OnePool(backend.Address).With(
        ("ReverseProxy:Clusters:app:OrleansLb:MaxConcurrentRequestsPerDestination", limit.ToString(CultureInfo.InvariantCulture)),
        ("ReverseProxy:Clusters:app:OrleansLb:Queue:Timeout", "00:01:00"));

    private static SlotHolding Holding(PoolSlotStatus status, string frontend) =>
        status.Backends.TryGetValue("b0", out var holdings) && holdings.TryGetValue(frontend, out var holding) ? holding : default;
}
