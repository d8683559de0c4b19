using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Health;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>A backend that comes back warms up by the cluster's clock: at every front-end alike, whoever restarts meanwhile.</summary>
public sealed class SlowStartTests : IAsyncLifetime
{
    private const string App = "ReverseProxy:Clusters:app:";

    private static readonly TimeSpan Ramp = TimeSpan.FromSeconds(20);

    // Three tenths of the weight, where a ramp begins with one.
    private const double Enough = 0.3 / 1.3;

    // What messages take that say since when.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly HttpClient _client = new();
    private readonly List<SwitchableBackend> _backends = [];
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _backends.AddRange(await Task.WhenAll(SwitchableBackend.Start("b0"), SwitchableBackend.Start("b1")));
        _cluster = await TestClusters.Start(silos: 2);
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]).With(
            (App + "LoadBalancingPolicy", "WeightedRoundRobin"),
            (App + "HealthCheck:AvailableDestinationsPolicy", "ClusterHealthyOrPanic"),
            (App + "OrleansLb:HealthCheck:PanicPercent", "0"),
            (App + "OrleansLb:SlowStart", Ramp.ToString("c"))));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Backend_ComesBack_FollowsOneRampWhoeverRestarts()
    {
        var first = await Start("fe-1");
        await using var second = await Start("fe-2");
        await Set(WireAdminState.Maintenance, first, second);
        await Set(WireAdminState.Active, first, second);
        var since = first.Pool().Health.EligibleSince(1)!.Value;
        Assert.InRange(Apart(second.Pool(), since), TimeSpan.Zero, Tolerance);

        await first.DisposeAsync();
        await using var restarted = await Start("fe-1");
        await restarted.Reaches(pool => pool.Health.EligibleSince(1) is not null);
        Assert.InRange(Apart(restarted.Pool(), since), TimeSpan.Zero, Tolerance);

        var before = second.Pool().Health.Epoch;
        await _cluster.KillHostOf(_cluster.Client.GetGrain<IPoolGrain>("app"), Cancellation);
        foreach (var frontend in (ClusterFrontend[])[restarted, second])
        {
            await frontend.Reaches(pool => pool.Health.Epoch != before && pool.Health.EligibleSince(1) is not null);
            Assert.InRange(Apart(frontend.Pool(), since), TimeSpan.Zero, Tolerance);
            await AssertShareFollows(frontend, since);
        }
    }

    private async Task<ClusterFrontend> Start(string id)
    {
        var frontend = await ClusterFrontend.Start(Path.Combine(_directory, id), _cluster.Client, id: id);
        await frontend.Reaches(static pool => pool.Health.Epoch != 0 && pool.Health.Statuses.Length == 2);
        return frontend;
    }

    private async Task Set(WireAdminState state, params ClusterFrontend[] frontends)
    {
        await _cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b1")).Set(state);
        await Task.WhenAll(frontends.Select(frontend => frontend.Reaches(pool => pool.Health.TakesNew(1) == (state == WireAdminState.Active))));
    }

    /// <summary>How far what a front-end knows of the beginning is from what another knew; all of them have this process' clock.</summary>
    private static TimeSpan Apart(FrontendPool pool, TimeSpan since) => (pool.Health.EligibleSince(1)!.Value - since).Duration();

    private async Task AssertShareFollows(ClusterFrontend frontend, TimeSpan since)
    {
        // One that began anew with the pool or the front-end would not be there yet.
        await Eventually.Is(() => Share(since + Tolerance + Tolerance) > Enough);
        const int Requests = 200;
        var least = Share(since + Tolerance + Tolerance);
        var came = 0;
        for (var i = 0; i < Requests; i++)
            came += await _client.GetStringAsync(frontend.Address, Cancellation) == "b1" ? 1 : 0;
        var most = Share(since - Tolerance);
        Assert.InRange(came / (double)Requests, least - 0.02, most + 0.02);
    }

    private static double Share(TimeSpan since)
    {
        var factor = Math.Clamp((TimeProvider.System.GetElapsedTime(0) - since) / Ramp, 0.1, 1);
        return factor / (1 + factor);
    }
}
