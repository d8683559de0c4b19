using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Routing;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Routing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Routing;

/// <summary>A front-end that says what a test wants it to say of its requests.</summary>
public sealed class RollbackGrainTests : IAsyncLifetime
{
    private static readonly SettingsDocument Good = Settings("http://10.0.0.1/");
    private static readonly SettingsDocument Bad = Settings("http://10.0.0.2/");

    private readonly BreakableStorage _storage = new();
    private readonly EditedFile _file = new();
    private InProcessTestCluster _cluster = null!;
    private BeatingFrontend _frontend = null!;
    private long _served = 1;
    private long _requests;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _file.Replace(Good);
        _cluster = await TestClusters.Start(silos: 2, silo =>
        {
            silo.Services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, _storage);
            silo.Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Add(_file).Build());
        });
        await _storage.Holds<ConfigState>(static state => state.Files.Count == 2);
        _frontend = await BeatingFrontend.Start(_cluster.Client, "fe-1", new SilentFrontend());
        // A thousand requests with every beat; those of the second version fail.
        _frontend.Traffic = () => new ServedTraffic(_served, TimeSpan.FromSeconds(1), new CountedRequests(_requests += 1_000, _served == 2 ? _requests : 0));
    }

    public async ValueTask DisposeAsync()
    {
        await _frontend.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Trial_SiloOfTheConfigurationIsKilled_ItsSuccessorTakesTheVersionBack()
    {
        await PushBad();
        await _cluster.KillHostOf(Grain, Cancellation);

        (_requests, _served) = (0, 2);
        await _storage.Holds<ConfigState>(static state => state.LastRollback is { Failed: 2, ReturnedTo: 1, Version: 3 });
    }

    [Fact]
    public async Task Trial_ProvesItself_AndThatIsStored()
    {
        await PushBad();
        _frontend.Traffic = () => new ServedTraffic(2, TimeSpan.FromMinutes(1), new CountedRequests(_requests += 1_000, 0));

        await _storage.Holds<ConfigState>(static state => state is { Version: 2, Trial: null });
        await _cluster.DeactivateAsync(Grain);
        // It fails from now on, which is no news that a change brought.
        _frontend.Traffic = () => new ServedTraffic(2, TimeSpan.FromSeconds(1), new CountedRequests(_requests += 1_000, _requests));
        var before = _requests;
        await Eventually(() => _requests > before + 20_000);
        Assert.Equal((2, null, null), ((await Status()).Version, (await Status()).Trial, (await Status()).LastRollback));
    }

    [Fact]
    public async Task TakenBack_IsSaid_ByAMetricAndTheSilosWhoseFileItIs()
    {
        using var rollbacks = new SiloCounters(_cluster, "orleanslb.config.rollbacks");
        await PushBad();
        (_requests, _served) = (0, 2);
        await _storage.Holds<ConfigState>(static state => state.LastRollback is not null);
        _served = 3;

        await Eventually(() => rollbacks.Sum == 1);
        // Each silo asks again what became of its file, once it follows the next version.
        await Eventually(() => _cluster.Silos.All(silo => RefusedAt(silo) == 1));
        Assert.Equal(2, (await Status()).DivergentSilos.Length);

        _file.Replace(Good);
        await Eventually(() => _cluster.Silos.All(silo => RefusedAt(silo) == 0));
        Assert.Equal(3, (await Status()).Version);
    }

    /// <summary>Both silos' file becomes the bad one, once it is known how requests go.</summary>
    private async Task PushBad()
    {
        var before = _requests;
        await Eventually(() => _requests > before + 20_000);
        _file.Replace(Bad);
        await _storage.Holds<ConfigState>(static state => state is { Version: 2, Trial.ReturnTo: 1 });
        await _storage.Holds<ConfigState>(static state => state.Files.All(file => file.Digest == state.Digest));
    }

    private long RefusedAt(InProcessSiloHandle silo)
    {
        using var collector = new MetricCollector<int>(_cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IMeterFactory>(), ConfigMetrics.MeterName, "orleanslb.config.refused");
        collector.RecordObservableInstruments();
        return collector.LastMeasurement!.Value;
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
            await ticks.WaitForNextTickAsync(patience.Token);
    }

    private static SettingsDocument Settings(string address) => TestConfigurations.OnePool(address).With(("OrleansLb:Rollback:Enabled", "true"));

    private IConfigGrain Grain => _cluster.Client.GetGrain<IConfigGrain>(IConfigGrain.Key);

    private ValueTask<ConfigurationStatus> Status() => Grain.GetStatus();
}
