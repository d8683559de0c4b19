using System.Diagnostics;
using System.Net;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Health;

public sealed class ClusterHealthTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(0.5);
    private const int UnhealthyThreshold = 2;

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly List<SwitchableBackend> _backends = [];
    private readonly List<ClusterFrontend> _frontends = [];
    private readonly HttpClient _client = new();
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
            _backends.Add(await SwitchableBackend.Start($"b{i}"));
        _cluster = await TestClusters.Start(silos: 2);
        await Configure(Interval);
        await AddFrontend();
        await AddFrontend();
        await Everywhere(static pool => pool.Health.Statuses.ToArray().All(static status => status.State == BackendState.Up));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        foreach (var backend in _backends)
            await backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Backend_IsKilled_CostsNoRequestAndIsOutEverywhereAtOnce()
    {
        // Probes are rare here: what takes the backend out is the first refused connection.
        await Configure(TimeSpan.FromMinutes(10));
        await Everywhere(static pool => pool.Definition.ActiveHealth!.Interval > TimeSpan.FromMinutes(1));
        await _backends[1].Kill();

        var began = Stopwatch.GetTimestamp();
        var answers = await Ask(_frontends[0], 12);
        await Everywhere(static pool => !pool.Health.TakesNew(1));

        Assert.All(answers, static answer => Assert.Contains(answer, (string[])["b0", "b2"]));
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(0.5), $"{Stopwatch.GetElapsedTime(began)}");
        Assert.All(await Ask(_frontends[1], 12), static answer => Assert.NotEqual("b1", answer));
    }

    [Fact]
    public async Task Backend_Hangs_GetsNoNewRequestAfterItsBoundAndReturnsWhenItAnswers()
    {
        _backends[2].Mode = BackendMode.Hanging;
        var began = Stopwatch.GetTimestamp();
        await Everywhere(static pool => !pool.Health.TakesNew(2));
        var took = Stopwatch.GetElapsedTime(began);
        // The last part is for machines that do other things too.
        var bound = (Interval * 1.1) + (UnhealthyThreshold * (ProbeTimeout + TimeSpan.FromSeconds(0.5))) + ProbeTimeout + TimeSpan.FromSeconds(3);
        Assert.True(took < bound, $"out after {took}, bound {bound}");

        foreach (var frontend in _frontends)
            await Ask(frontend, 12);
        Assert.Equal(0, _backends[2].Requests);

        _backends[2].Mode = BackendMode.Good;
        var probes = _backends[2].Probes;
        await Everywhere(static pool => pool.Health.TakesNew(2));
        Assert.True(_backends[2].Probes >= probes + 2);
        Assert.Contains("b2", await Ask(_frontends[0], 12));
    }

    [Fact]
    public async Task Probes_MoreFrontends_AreNoMore()
    {
        for (var i = 0; i < 3; i++)
            await AddFrontend();
        var (began, before) = (Stopwatch.GetTimestamp(), _backends.Sum(static backend => backend.Probes));
        await Task.WhenAll(_backends.Select(static backend => backend.Probed(backend.Probes + 5)));

        // A slow machine probes more seldom, never more often.
        var intervals = Stopwatch.GetElapsedTime(began) / (Interval * 0.9);
        var most = _backends.Count * (intervals + 1);
        Assert.InRange(_backends.Sum(static backend => backend.Probes) - before, 15, most);
    }

    [Fact]
    public async Task Administrator_DrainsAndActivates_FrontendsFollow()
    {
        var grain = _cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0"));
        await grain.Set(WireAdminState.Draining);
        await Everywhere(static pool => pool.Health.StateOf(0) == BackendState.Draining);
        Assert.DoesNotContain("b0", await Ask(_frontends[0], 12));

        await grain.Set(WireAdminState.Maintenance);
        await Everywhere(static pool => pool.Health.StateOf(0) == BackendState.Maintenance);

        await grain.Set(WireAdminState.Active);
        await Everywhere(static pool => pool.Health.StateOf(0) == BackendState.Up);
        Assert.Contains("b0", await Ask(_frontends[0], 12));
    }

    [Fact]
    public async Task Administrator_DrainsInAPoolWithoutHealthChecks_FrontendsFollow()
    {
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]));
        await Everywhere(static pool => pool.Definition.ActiveHealth is null);
        await _cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0")).Set(WireAdminState.Draining);
        await Everywhere(static pool => pool.Health.StateOf(0) == BackendState.Draining);
        Assert.DoesNotContain("b0", await Ask(_frontends[0], 20));
    }

    [Fact]
    public async Task EverySilo_IsGone_FrontendsProbeByThemselves()
    {
        await _cluster.Client
            .GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b1")).Set(WireAdminState.Draining);
        await Everywhere(static pool => pool.Health.StateOf(1) == BackendState.Draining);
        foreach (var silo in _cluster.Silos.ToArray())
            await _cluster.KillSiloAsync(silo, Cancellation);

        _backends[0].Mode = BackendMode.Unavailable;
        await Everywhere(static pool => !pool.Health.TakesNew(0));
        await Everywhere(static pool => pool.Health.StateOf(1) == BackendState.Draining);
        Assert.All(await Ask(_frontends[0], 12), static answer => Assert.Equal("b2", answer));

        _backends[0].Mode = BackendMode.Good;
        await Everywhere(static pool => pool.Health.TakesNew(0));
    }

    private Task Everywhere(Func<FrontendPool, bool> condition) => Task.WhenAll(_frontends.Select(frontend => frontend.Reaches(condition)));

    private async Task AddFrontend()
    {
        var id = $"fe-{_frontends.Count}";
        _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, id), _cluster.Client, id: id));
    }

    private async Task<List<string>> Ask(ClusterFrontend frontend, int times)
    {
        var answers = new List<string>();
        for (var i = 0; i < times; i++)
        {
            using var response = await _client.GetAsync(frontend.Address, Cancellation);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            answers.Add(await response.Content.ReadAsStringAsync(Cancellation));
        }

        return answers;
    }

    private Task<long> Configure(TimeSpan interval) =>
        _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]).With(
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "RoundRobin"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Enabled", "true"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Policy", "ClusterConsecutiveFailures"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Interval", interval.ToString()),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Timeout", ProbeTimeout.ToString()),
            ("ReverseProxy:Clusters:app:OrleansLb:HealthCheck:UnhealthyThreshold", UnhealthyThreshold.ToString(System.Globalization.CultureInfo.InvariantCulture))));
}
