using System.Diagnostics;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Rollbacks;

/// <summary>Two silos, two front-ends, a backend, and clients who ask all the time.</summary>
public sealed class RollbackTests : IAsyncLifetime
{
    private const string Rollback = "OrleansLb:Rollback:";
    private const string Nowhere = "http://127.0.0.1:1/";

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly List<ClusterFrontend> _frontends = [];
    private readonly HttpClient _client = new();
    private InProcessTestCluster _cluster = null!;
    private SwitchableBackend _backend = null!;
    private CancellationTokenSource _stop = null!;
    private Task _asking = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _cluster = await TestClusters.Start(silos: 2);
        _backend = await SwitchableBackend.Start("b0");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _client.Dispose();
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        await _backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Push_AllRequestsFail_IsTakenBack_AndItsFileDoesNotCountAnyMore()
    {
        var good = await Start();
        var harmful = Settings(Nowhere);
        Assert.Equal(SubmitOutcome.Accepted, (await _cluster.Client.Submit(harmful, "silo-1", isFile: true)).Outcome);

        await Eventually.Is(async () => (await Status()).LastRollback is not null);

        var status = await Status();
        Assert.Equal((good + 1, good, good + 2), (status.LastRollback!.Failed, status.LastRollback.ReturnedTo, status.LastRollback.Version));
        Assert.True(status.LastRollback.After.Failed > status.LastRollback.After.Requests / 2);
        Assert.Equal((good + 2, null), (status.Version, status.Trial));
        Assert.Equal(["silo-1"], status.DivergentSilos);
        foreach (var frontend in _frontends)
        {
            await frontend.Configuration.Reaches(good + 2);
            await Eventually.Is(async () => await Asks(frontend));
        }

        foreach (var silo in (string[])["silo-1", "silo-2", "silo-3"])
            Assert.Equal((SubmitOutcome.TakenBack, good + 2), Told(await _cluster.Client.Submit(harmful, silo, isFile: true)));
        Assert.Equal((SubmitOutcome.Accepted, good + 3), Told(await _cluster.Client.Submit(harmful.With(("ReverseProxy:Clusters:app:Destinations:b1:Address", _backend.Address)), "silo-1", isFile: true)));
    }

    [Fact]
    public async Task Push_RouteIsGone_AndNoRouteIsAFailure_IsTakenBack()
    {
        await Start((Rollback + "FailureStatuses", "500-599,404"));
        await Push(_backend.Address, (Rollback + "FailureStatuses", "500-599,404"), ("ReverseProxy:Routes:app:Match:Path", "/elsewhere"));

        await Eventually.Is(async () => (await Status()).LastRollback is not null);
    }

    [Fact]
    public async Task Push_DoesNoHarm_ProvesItself()
    {
        await Start();
        var version = await Push(_backend.Address, ("ReverseProxy:Routes:more:ClusterId", "app"), ("ReverseProxy:Routes:more:Match:Path", "/more"));
        Assert.Equal(version, (await Status()).Trial!.Version);

        await Eventually.Is(async () => (await Status()).Trial is null);

        Assert.Equal((version, null), ((await Status()).Version, (await Status()).LastRollback));
    }

    [Fact]
    public async Task Push_ToAFleetThatFailsAlready_ProvesItself()
    {
        await Start();
        _backend.Mode = BackendMode.Erring;
        // The window before it must have nothing but failures; what is told of them lags a second or two behind.
        var failing = Stopwatch.StartNew();
        await Eventually.Is(() => failing.Elapsed > TimeSpan.FromSeconds(12));
        var version = await Push(_backend.Address, ("ReverseProxy:Routes:more:ClusterId", "app"), ("ReverseProxy:Routes:more:Match:Path", "/more"));
        Assert.Equal(version, (await Status()).Trial!.Version);

        await Eventually.Is(async () => (await Status()).Trial is null);

        Assert.Null((await Status()).LastRollback);
    }

    [Fact]
    public async Task Push_IsOff_StaysHoweverManyFail()
    {
        await Start();
        var version = await Push(Nowhere, (Rollback + "Enabled", "false"));
        foreach (var frontend in _frontends)
        {
            await frontend.Configuration.Reaches(version);
            await Eventually.Is(async () => !await Asks(frontend));
        }

        Assert.Equal((version, null, null), ((await Status()).Version, (await Status()).Trial, (await Status()).LastRollback));
    }

    /// <summary>Begins with a version under which enough requests went well.</summary>
    private async Task<long> Start(params (string Key, string? Value)[] settings)
    {
        var version = (await _cluster.Client.Submit(Settings(_backend.Address, settings), "silo-1", isFile: true)).Version;
        await _cluster.Client.Submit(Settings(_backend.Address, settings), "silo-2", isFile: true);
        for (var i = 0; i < 2; i++)
            _frontends.Add(await ClusterFrontend.Start(Path.Combine(_directory, $"fe-{i}"), _cluster.Client, id: $"fe-{i}"));
        foreach (var frontend in _frontends)
            await frontend.Configuration.Reaches(version);
        _asking = Task.WhenAll(_frontends.Select(Ask));
        var before = _backend.Requests;
        await Eventually.Is(() => _backend.Requests > before + 1_000);
        return version;
    }

    private async Task<long> Push(string address, params (string Key, string? Value)[] settings)
    {
        var (outcome, version) = Told(await _cluster.Client.Submit(Settings(address, settings), "silo-1", isFile: true));
        Assert.Equal(SubmitOutcome.Accepted, outcome);
        return version;
    }

    private static SettingsDocument Settings(string address, params (string Key, string? Value)[] settings) => TestConfigurations.OnePool(address).With(
    [
        (Rollback + "Enabled", "true"),
        (Rollback + "Window", "00:00:08"),
        (Rollback + "MinRequests", "20"),
        .. settings,
    ]);

    private static (SubmitOutcome Outcome, long Version) Told(SubmitReply reply) => (reply.Outcome, reply.Version);

    private ValueTask<ConfigurationStatus> Status() => _cluster.Client.GetGrain<IConfigGrain>(IConfigGrain.Key).GetStatus();

    private async Task Ask(ClusterFrontend frontend)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(4));
        while (await pace.WaitForNextTickAsync(_stop.Token))
            await Asks(frontend);
    }

    private async Task<bool> Asks(ClusterFrontend frontend)
    {
        using var answer = await _client.GetAsync(frontend.Address, _stop.Token);
        return answer.IsSuccessStatusCode;
    }
}
