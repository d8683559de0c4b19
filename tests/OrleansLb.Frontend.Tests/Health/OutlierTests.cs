using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Two front-ends, real backends, and nobody who probes: outcomes alone decide.</summary>
public sealed class OutlierTests : IAsyncLifetime
{
    private const string Outlier = "ReverseProxy:Clusters:app:OrleansLb:Outlier:";

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
    public async Task Backend_FailsFewRequestsOfEachFrontend_IsEjectedOnceForTheCluster()
    {
        await Start(backends: 4);
        using var ejections = Ejections();
        _backends[1].Mode = BackendMode.Unavailable;

        await Ask(_frontends[0], until: () => Failures(_frontends[0], 1) == 3);
        await Ask(_frontends[1], until: () => Failures(_frontends[1], 1) == 2);

        await Everywhere(static pool => pool.Health.Statuses[1] is { TakesNew: false, TakesPinned: false, Ejection: not null });
        Assert.Equal((3, 2), (Failures(_frontends[0], 1), Failures(_frontends[1], 1)));
        var ejection = Assert.Single(ejections.Seen);
        Assert.Equal((1, "app", "ConsecutiveFailures"), (ejection.Value, ejection.Tags["pool"], ejection.Tags["cause"]));
        // One each, for a list of destinations that was about to be replaced.
        await Ask(_frontends[0], times: 1);
        await Ask(_frontends[1], times: 1);
        var asked = _backends[1].Requests;
        await Ask(_frontends[0], times: 20);
        await Ask(_frontends[1], times: 20);
        Assert.Equal(asked, _backends[1].Requests);
    }

    [Fact]
    public async Task Backend_AnswersWithErrorsAtOnce_IsEjectedOnBothFrontends()
    {
        await Start(backends: 5, (Outlier + "Interval", "00:00:02"), (Outlier + "SuccessRateRequestVolume", "5"));
        _backends[2].Mode = BackendMode.Erring;

        var asking = Task.WhenAll(_frontends.Select(frontend => Ask(frontend, until: () => !Pool(frontend).Health.TakesNew(2))));
        await Everywhere(static pool => pool.Health.Statuses[2] is { TakesNew: false, Ejection: not null });

        await asking;
        Assert.All(_frontends, static frontend => Assert.Equal(4, Pool(frontend).Health.Statuses.ToArray().Count(static status => status.TakesNew)));
    }

    [Fact]
    public async Task Backends_ThreeOfFourFail_OneIsEjected()
    {
        await Start(backends: 4);
        using var ejections = Ejections();
        for (var i = 0; i < 3; i++)
            _backends[i].Mode = BackendMode.Unavailable;

        await Ask(_frontends[0], until: () => Pool(_frontends[0]).Health.Statuses.ToArray().Any(static status => status.Ejection is not null));
        await Ask(_frontends[0], times: 60);
        await Ask(_frontends[1], times: 60);

        await Everywhere(static pool => pool.Health.Statuses.ToArray().Count(static status => status.Ejection is not null) == 1);
        Assert.Single(ejections.Seen);
        Assert.All(_frontends, static frontend => Assert.Equal(3, Pool(frontend).Health.Statuses.ToArray().Count(static status => status.TakesNew)));
    }

    [Fact]
    public async Task Backend_EjectedForASecond_ServesAgainAfterIt()
    {
        await Start(backends: 4, (Outlier + "BaseEjection", "00:00:01"));
        _backends[1].Mode = BackendMode.Unavailable;
        await Ask(_frontends[0], until: () => !Pool(_frontends[0]).Health.TakesNew(1));
        _backends[1].Mode = BackendMode.Good;

        await Everywhere(static pool => pool.Health.TakesNew(1));

        var asked = _backends[1].Requests;
        await Ask(_frontends[1], times: 8);
        Assert.True(_backends[1].Requests > asked);
    }

    [Fact]
    public async Task Silo_OfThePoolIsKilled_EjectionGoesOnUnderItsSuccessor()
    {
        await Start(backends: 4, (Outlier + "BaseEjection", "00:02:00"));
        _backends[1].Mode = BackendMode.Unavailable;
        await Ask(_frontends[0], until: () => !Pool(_frontends[0]).Health.TakesNew(1));
        await Everywhere(static pool => !pool.Health.TakesNew(1));
        var epoch = Pool(_frontends[0]).Health.Epoch;
        _backends[1].Mode = BackendMode.Good;

        await _cluster.KillHostOf(_cluster.Client.GetGrain<IPoolGrain>("app"), Cancellation);

        await Everywhere(pool => pool.Health.Epoch is not PoolHealthView.LocalEpoch and var moved && moved != epoch);
        Assert.All(_frontends, static frontend => Assert.True(Pool(frontend).Health.Statuses[1] is { TakesNew: false, Ejection.Count: 1 }));
    }

    [Fact]
    public async Task EverySilo_IsGone_EjectionsEndAndNewOnesBeginByWhatAFrontendSeesItself()
    {
        await Start(backends: 4, (Outlier + "BaseEjection", "00:00:08"));
        _backends[1].Mode = BackendMode.Unavailable;
        await Ask(_frontends[0], until: () => !Pool(_frontends[0]).Health.TakesNew(1));
        await Everywhere(static pool => !pool.Health.TakesNew(1));
        foreach (var silo in _cluster.Silos.ToArray())
            await _cluster.KillSiloAsync(silo, Cancellation);

        await Everywhere(static pool => pool.Health.TakesNew(1));
        Assert.All(_frontends, static frontend => Assert.Equal(PoolHealthView.LocalEpoch, Pool(frontend).Health.Epoch));

        _backends[1].Mode = BackendMode.Good;
        _backends[0].Mode = BackendMode.Unavailable;
        await Ask(_frontends[0], until: () => !Pool(_frontends[0]).Health.TakesNew(0));
        Assert.True(Pool(_frontends[0]).Health.Statuses[0] is { State: BackendState.Down, Ejection: not null });
        Assert.True(Pool(_frontends[1]).Health.TakesNew(0));
    }

    [Fact]
    public async Task Requests_OfOneFrontend_TellTheOtherHowLongBackendsTake()
    {
        await Start(backends: 2);
        await Ask(_frontends[0], times: 10);
        await Eventually.Is(() => Pool(_frontends[1]).Load.View is var view && view.LatencyOf(0) > TimeSpan.Zero && view.LatencyOf(1) > TimeSpan.Zero);
        Assert.Equal(0, Pool(_frontends[1]).Slots[0].Outcomes.Counters.Answers);
    }

    private async Task Start(int backends, params (string Key, string? Value)[] settings)
    {
        for (var i = 0; i < backends; i++)
            _backends.Add(await SwitchableBackend.Start($"b{i}"));
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. _backends.Select(static backend => backend.Address)]).With(
        [
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "RoundRobin"),
            ("ReverseProxy:Clusters:app:HealthCheck:Passive:Enabled", "true"),
            ("ReverseProxy:Clusters:app:HealthCheck:Passive:Policy", "ClusterOutlier"),
            .. settings,
        ]));
        for (var i = 0; i < 2; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, $"fe-{i}"), _cluster.Client, id: $"fe-{i}"));
        // Both are known to the pool, and have heard of each other, before anything is held against a backend.
        await Everywhere(pool => pool.Slots.Length == backends && pool.Health.IsInformed && pool.Load.View is { HasSnapshot: true, Traffic.Frontends: 2 });
    }

    private EjectionCounters Ejections() => new(_cluster);

    private Task Everywhere(Func<FrontendPool, bool> condition) =>
        Task.WhenAll(_frontends.Select(frontend => Eventually.Is(() => frontend.Services.GetRequiredService<PoolTable>().Current.TryGetValue("app", out var pool) && condition(pool))));

    /// <summary>Asks until something is so.</summary>
    private async Task Ask(ClusterFrontend frontend, Func<bool> until, [CallerArgumentExpression(nameof(until))] string what = "")
    {
        var began = Stopwatch.GetTimestamp();
        while (!until())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"Not within half a minute of requests: {what}");
            await Ask(frontend, times: 1);
        }
    }

    private async Task Ask(ClusterFrontend frontend, int times)
    {
        for (var i = 0; i < times; i++)
            (await _client.GetAsync(frontend.Address, Cancellation)).Dispose();
    }

    private static long Failures(ClusterFrontend frontend, int backend) => Pool(frontend).Slots[backend].Outcomes.Counters.GatewayFailures;

    private static FrontendPool Pool(ClusterFrontend frontend) => frontend.Services.GetRequiredService<PoolTable>().Current["app"];
}
