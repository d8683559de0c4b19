using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Networks;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>Connections that are there before anybody asks for them.</summary>
public sealed class PreConnectTests
{
    private static readonly FrontendHostOptions Three = new() { PreConnect = 3 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_OfABackendThatJoins_AreThereBeforeTheFirstRequest()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Three, backend);
        using var counters = new ForwardingCounters(frontend);
        await counters.Settle(3, 3);
        Assert.Equal((3, 0), (backend.Connections, backend.Requests));

        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        Assert.Equal(backend.Id, await client.GetStringAsync("/id", Cancellation));

        await counters.Settle(3, 3);
        Assert.Equal(3, backend.Connections);
    }

    [Fact]
    public async Task Connections_InUse_AreReplacedWithoutARequest()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Three, backend);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        await counters.Settle(3, 3);

        var held = Enumerable.Range(0, 2).Select(_ => client.GetAsync("/begin", HttpCompletionOption.ResponseHeadersRead, Cancellation)).ToArray();
        await Task.WhenAll(held);
        Assert.Equal(3, backend.Connections);

        // Enough for one look, and no connection is too old for it.
        frontend.Clock.Advance(PreConnector.Period);
        await counters.Settle(5, 3);
        await Eventually.Is(() => backend.Connections == 5);
        Array.ForEach(held, static one => one.Result.Dispose());
    }

    [Fact]
    public async Task Connections_ThatTheBackendEnded_AreReplaced()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { PreConnect = 1 }, backend.Alone);
        using var first = await backend.Next();

        first.Dispose();

        await Until(frontend, () => backend.Connections > 1);
    }

    [Fact]
    public async Task Backend_ThatIsOutOfService_HasNoneUntilItIsBack()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend);
        using var counters = new ForwardingCounters(frontend);
        foreach (var state in new[] { BackendState.Draining, BackendState.Down, BackendState.Maintenance, BackendState.Drained })
        {
            // As when so few are left that all are tried again.
            Judge(frontend, state, takesNew: state == BackendState.Down);
            await frontend.Apply(Three, Addresses(backend), generation: 1);
            for (var period = 0; period < 3; period++)
                frontend.Clock.Advance(PreConnector.Period);
        }

        Assert.Equal(0, backend.Connections);

        // No time passes: it is the news that has them made.
        Judge(frontend, BackendState.Up, takesNew: true);
        await counters.Settle(3, 3);
    }

    [Fact]
    public async Task Backend_ThatCannotBeReached_IsTriedOnceASecond()
    {
        var port = FreePort.Next();
        await using var frontend = await FrontendHost.Start(Three, new Dictionary<string, string> { ["a"] = $"http://127.0.0.1:{port}/" });
        using var counters = new ForwardingCounters(frontend);
        var before = frontend.Clock.GetUtcNow();
        await Until(frontend, () => counters.Dials.Length > 3);

        Assert.All(counters.Dials, static outcome => Assert.Equal("refused", outcome));
        Assert.InRange(counters.Dials.Length, 0, (int)((frontend.Clock.GetUtcNow() - before) / PreConnector.Period) + 1);
    }

    [Fact]
    public async Task MaxConnectionsPerServer_CountsThemToo()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { PreConnect = 2, Client = new HttpClientConfig { MaxConnectionsPerServer = 2 } }, backend);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        await counters.Settle(2, 2);

        using var held = await client.GetAsync("/begin", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        for (var period = 0; period < 5; period++)
            frontend.Clock.Advance(PreConnector.Period);
        Assert.Equal(backend.Id, await client.GetStringAsync("/id", Cancellation));

        Assert.Equal(2, backend.Connections);
    }

    [Fact]
    public async Task Connections_NobodyWantsThem_AreNotMade()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        for (var period = 0; period < 5; period++)
            frontend.Clock.Advance(PreConnector.Period);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        await client.GetStringAsync("/id", Cancellation);

        Assert.Equal(1, backend.Connections);
    }

    private static Task Until(FrontendHost frontend, Func<bool> condition) => Eventually.Is(() =>
    {
        frontend.Clock.Advance(PreConnector.Period);
        return condition();
    });

    private static Dictionary<string, string> Addresses(Backend backend) => new() { [backend.Id] = backend.Address };

    private static void Judge(FrontendHost frontend, BackendState state, bool takesNew)
    {
        var table = frontend.Services.GetRequiredService<PoolTable>();
        var statuses = table.Current[FrontendHost.PoolId].Keys.Select(key => new BackendStatus(key, state, takesNew, takesNew, ByPanic: takesNew && state == BackendState.Down, Held: false));
        var eligibility = new PoolEligibility(1, PoolEligibility.Ordered(statuses), false);
        table.ChangeHealth(FrontendHost.PoolId, _ => new PoolHealthView(1, eligibility, []));
    }
}
