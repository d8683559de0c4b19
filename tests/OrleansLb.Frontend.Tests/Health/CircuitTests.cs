using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Three front-ends, and backends whose circuits break: what passes through a half-open one is one request of all of them.</summary>
public sealed class CircuitTests : IAsyncLifetime
{
    private const string Breaker = "ReverseProxy:Clusters:app:OrleansLb:CircuitBreaker:";

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly List<SwitchableBackend> _backends = [];
    private readonly List<ClusterFrontend> _frontends = [];
    private readonly HttpClient _client = new();
    private InProcessTestCluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await TestClusters.Start(silos: 2);

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
    public async Task EveryBackend_Fails_EveryCircuitIsBrokenAndTriedByOneRequestAtATime()
    {
        // Longer than what is looked at below takes, and shorter than anybody waits for it: a trial that was given to a client who left just then is over only by its time.
        await Start(backends: 2, ("BreakDuration", "00:00:00.300"), ("MaxBreakDuration", "00:00:00.300"), ("TrialTimeout", "00:00:15"));
        foreach (var backend in _backends)
            backend.Mode = BackendMode.Unavailable;
        await Load(() => Everywhere(static pool => pool.Health.Statuses.ToArray().All(static status => status.Circuit != CircuitState.Closed)));

        // No answer, and no end of the trial: nobody else is let through, however many want to be.
        foreach (var backend in _backends)
            backend.Mode = BackendMode.Hanging;
        var asked = _backends.Select(static backend => backend.Requests).ToArray();
        await Load(async () =>
        {
            await Eventually.Is(() => _backends.Zip(asked).All(static each => each.First.Requests == each.Second + 1));
            for (var i = 0; i < 300; i++)
                Assert.Equal(503, await Status(_frontends[i % 3]));
        });
        Assert.Equal(asked.Select(static requests => requests + 1), _backends.Select(static backend => backend.Requests));
    }

    [Fact]
    public async Task Backend_FailsAndIsMended_ATrialClosesItsCircuit()
    {
        await Start(backends: 3, ("BreakDuration", "00:00:00.300"), ("MaxBreakDuration", "00:00:00.300"));
        _backends[1].Mode = BackendMode.Erring;
        await Load(() => Everywhere(static pool => pool.Health.Statuses[1] is { State: BackendState.Down, TakesNew: false, Circuit: not CircuitState.Closed }));
        var broken = (await _cluster.Client.StatusOf("app", Cancellation)).Backends[1];
        Assert.Matches("^its circuit is (open|half-open): ", broken.Reason);
        Assert.NotEqual(WireCircuitState.Closed, broken.Circuit!.State);

        // Trials fail meanwhile, each of them once.
        var before = _backends[1].Requests;
        await Load(() => Eventually.Is(() => _backends[1].Requests >= before + 2));

        _backends[1].Mode = BackendMode.Good;
        await Load(() => Everywhere(static pool => pool.Health.Statuses[1] is { TakesNew: true, Circuit: CircuitState.Closed }));
    }

    [Fact]
    public async Task PoolMoves_CircuitStaysBroken()
    {
        await Start(backends: 3, ("BreakDuration", "00:10:00"), ("MaxBreakDuration", "00:10:00"));
        _backends[1].Mode = BackendMode.Erring;
        await Load(() => Everywhere(static pool => pool.Health.Statuses[1].Circuit == CircuitState.Open));
        // Before the other silo knows who is there, the cluster has only begun for it, and it asks nobody what they remember.
        var directory = _cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);
        await Eventually.Is(async () => await directory.List() is { Settled: true, IsKnownEverywhere: true, Entries.Length: 3 });
        var epoch = Pool(_frontends[0]).Health.Epoch;
        await _cluster.KillSiloAsync(await _cluster.HostOf(_cluster.Client.GetGrain<IPoolGrain>("app"), Cancellation), Cancellation);
        await Everywhere(pool => pool.Health.Epoch != epoch && pool.Health.Epoch > 0);
        Assert.All(_frontends, static frontend => Assert.Equal(CircuitState.Open, Pool(frontend).Health.Statuses[1].Circuit));
    }

    [Fact]
    public async Task EverySilo_IsGone_FrontendsGoOnWithCircuits()
    {
        await Start(backends: 3, ("BreakDuration", "00:00:00.300"), ("MaxBreakDuration", "00:00:00.300"));
        foreach (var silo in _cluster.Silos.ToArray())
            await _cluster.KillSiloAsync(silo, Cancellation);
        _backends[1].Mode = BackendMode.Erring;
        await Load(() => Everywhere(static pool => pool.Health.Statuses[1].Circuit != CircuitState.Closed));
        _backends[1].Mode = BackendMode.Good;
        await Load(() => Everywhere(static pool => pool.Health.Statuses[1] is { TakesNew: true, Circuit: CircuitState.Closed }));
    }

    private static FrontendPool Pool(ClusterFrontend frontend) => frontend.Services.GetRequiredService<PoolTable>().Current["app"];

    private async Task Start(int backends, params (string Key, string Value)[] breaker)
    {
        for (var i = 0; i < backends; i++)
            _backends.Add(await SwitchableBackend.Start($"b{i}"));
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]).With(
        [
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "RoundRobin"),
            ("ReverseProxy:Clusters:app:HealthCheck:AvailableDestinationsPolicy", "ClusterHealthyOrPanic"),
            ($"{Breaker}MinimumThroughput", "10"),
            .. breaker.Select(static setting => (Breaker + setting.Key, (string?)setting.Value)),
        ]));
        for (var i = 0; i < 3; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, $"{i}"), _cluster.Client, id: $"fe-{i}"));
        await Everywhere(pool => pool.Health.IsInformed && pool.Health.Statuses.Length == backends);
    }

    /// <summary>Sends requests to every front-end until something has happened.</summary>
    private async Task Load(Func<Task> until)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var clients = _frontends.SelectMany(static frontend => Enumerable.Repeat(frontend, 3)).Select(frontend => Task.Run(
            async () =>
            {
                // A loop without a pace would take the processor that verdicts and trials need.
                using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
                while (!stop.IsCancellationRequested)
                    await Ask(frontend, pace, stop.Token);
            },
            Cancellation)).ToArray();
        try
        {
            await until();
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }
    }

    private async Task Ask(ClusterFrontend frontend, PeriodicTimer pace, CancellationToken stop)
    {
        try
        {
            using var answer = await _client.GetAsync(frontend.Address, stop);
            await pace.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // A request that hangs, at the end.
        }
    }

    private async Task<int> Status(ClusterFrontend frontend)
    {
        using var answer = await _client.GetAsync(frontend.Address, Cancellation);
        return (int)answer.StatusCode;
    }

    private Task Everywhere(Func<FrontendPool, bool> condition) => Task.WhenAll(_frontends.Select(frontend => frontend.Reaches(condition)));
}
