using System.Net;
using Orleans.TestingHost;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Health;

public sealed class DeepCheckTests : IAsyncLifetime
{
    private const string DeepPath = "/deep";

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
        _cluster = await TestClusters.Start();
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]).With(
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "ClusterLeastRequests"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Enabled", "true"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Policy", "ClusterConsecutiveFailures"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Interval", "00:00:00.250"),
            ("ReverseProxy:Clusters:app:HealthCheck:Active:Path", "/health"),
            ("ReverseProxy:Clusters:app:OrleansLb:HealthCheck:Deep:Path", DeepPath),
            ("ReverseProxy:Clusters:app:OrleansLb:HealthCheck:Deep:Interval", "00:00:00.200")));
        for (var i = 0; i < 2; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, $"fe-{i}"), _cluster.Client, id: $"fe-{i}"));
        await Everywhere(static pool => All(pool, BackendState.Up));
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
    public async Task DeepChecks_OfAllBackendsFail_NoneIsRemovedAndTrafficGoesOn()
    {
        foreach (var backend in _backends)
            backend.FailingPath = DeepPath;
        await Everywhere(static pool => All(pool, BackendState.Degraded));
        Assert.All(_frontends, static frontend => Assert.False(frontend.Pool().Health.Eligibility.Panic));
        await EveryBackendIsUsed();
        var status = await _cluster.Client.StatusOf("app", Cancellation);
        Assert.All(status.Backends, static backend => Assert.Equal(("Degraded", "its deep check fails: status 503", true), (backend.State, backend.Reason, backend.ForNewSessions)));

        foreach (var backend in _backends)
            backend.FailingPath = null;
        await Everywhere(static pool => All(pool, BackendState.Up));
    }

    [Fact]
    public async Task EverySilo_IsGone_FrontendsGoOnWithDeepChecks()
    {
        foreach (var silo in _cluster.Silos.ToArray())
            await _cluster.KillSiloAsync(silo, Cancellation);
        foreach (var backend in _backends)
            backend.FailingPath = DeepPath;
        await Everywhere(static pool => All(pool, BackendState.Degraded));
        await EveryBackendIsUsed();
        _backends[1].FailingPath = null;
        await Everywhere(static pool => pool.Health.StateOf(1) == BackendState.Up);
    }

    private static bool All(FrontendPool pool, BackendState state) =>
        pool.Health.Statuses.ToArray().All(status => status.State == state && status is { TakesNew: true, ByPanic: false });

    private Task Everywhere(Func<FrontendPool, bool> condition) => Task.WhenAll(_frontends.Select(frontend => frontend.Reaches(condition)));

    private async Task EveryBackendIsUsed()
    {
        foreach (var frontend in _frontends)
        {
            var answers = new HashSet<string>();
            for (var i = 0; i < 200 && answers.Count < _backends.Count; i++)
            {
                using var response = await _client.GetAsync(frontend.Address, Cancellation);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                answers.Add(await response.Content.ReadAsStringAsync(Cancellation));
            }

            Assert.Equal(_backends.Select(static backend => backend.Id), answers.Order());
        }
    }
}
