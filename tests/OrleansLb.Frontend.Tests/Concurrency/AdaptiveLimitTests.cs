using System.Net;
using OrleansLb.Contracts.Backends;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Concurrency;

/// <summary>A limit that adapts, over two front-ends with real listeners, and a backend that does a few requests at once.</summary>
public sealed class AdaptiveLimitTests
{
    private const int Workers = 2;
    private const int Clients = 60;

    // The buffer and the root put it at 4; a machine that is busy makes it swing. It begins with 20.
    private const int Enough = 12;

    private static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Requests_FarMoreThanTheBackendDoesAtOnce_WaitInTheFrontends_AlsoWhenTheSiloOfThePoolDies()
    {
        await using var backend = await HoldingBackend.Start(serviceTime: ServiceTime, workers: Workers);
        await using var cluster = await TestClusters.Start(silos: 2);
        await using var fleet = await LimitedFleet.Start(cluster, TestConfigurations.OnePool(backend.Address).With(
            ("ReverseProxy:Clusters:app:OrleansLb:AdaptiveConcurrency:MinConcurrency", "2"),
            ("ReverseProxy:Clusters:app:OrleansLb:AdaptiveConcurrency:MeasureRequests", "20"),
            ("ReverseProxy:Clusters:app:OrleansLb:Queue:Timeout", "00:01:00")));
        using var stop = new CancellationTokenSource();
        var load = fleet.Loops(Clients, int.MaxValue, stop.Token);

        await Eventually.Is(async () => IsSettled(await fleet.Slots()));
        await AssertNoMoreThanEnough(backend);
        await cluster.KillHostOf(fleet.Pool, TestContext.Current.CancellationToken);
        backend.ForgetMost();
        await Eventually.Is(async () => IsSettled(await fleet.Slots()));
        Assert.InRange(backend.Most, 1, Enough);
        await AssertNoMoreThanEnough(backend);
        await stop.CancelAsync();

        Assert.All((await Task.WhenAll(load)).SelectMany(static status => status), static status => Assert.Equal(HttpStatusCode.OK, status));
    }

    private static bool IsSettled(PoolSlotStatus? status) =>
        status is { IsComplete: true, Limits: { } limits, Adaptive: { } adaptive }
        && limits.TryGetValue("b0", out var limit) && limit <= Enough
        && adaptive["b0"] is { IsMeasured: false } standing && standing.Quickest >= ServiceTime && standing.Recent > TimeSpan.Zero;

    private static async Task AssertNoMoreThanEnough(HoldingBackend backend)
    {
        // Those of before are still there.
        await Eventually.Is(() => backend.Inside <= Enough);
        backend.ForgetMost();
        var served = backend.Served;
        await Eventually.Is(() => backend.Served > served + 100);
        Assert.InRange(backend.Most, 1, Enough);
    }
}
