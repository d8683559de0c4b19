using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Routing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Routing;

public sealed class ConfigurationSubmitterTests
{
    private readonly EditedFile _file = new();

    [Fact]
    public async Task Start_SiloWithAFile_HandsItIn()
    {
        _file.Replace(TestConfigurations.OnePool("http://10.0.0.1/"));
        await using var cluster = await Start();

        var configuration = await View(cluster).Reaches(1);

        Assert.Equal(new Uri("http://10.0.0.1/"), Assert.Single(configuration.Snapshot.Pools["app"].Backends).Address);
        Assert.Equal(cluster.Silos[0].Name, (await Grain(cluster).GetStatus()).Source);
    }

    [Fact]
    public async Task Reload_EditedFile_IsTheNextVersion()
    {
        _file.Replace(TestConfigurations.OnePool("http://10.0.0.1/"));
        await using var cluster = await Start();
        await View(cluster).Reaches(1);

        _file.Replace(TestConfigurations.OnePool("http://10.0.0.2/"));

        var configuration = await View(cluster).Reaches(2);
        Assert.Equal(new Uri("http://10.0.0.2/"), Assert.Single(configuration.Snapshot.Pools["app"].Backends).Address);
    }

    [Fact]
    public async Task Reload_FileWithErrors_IsRefusedAndTheNextGoodOneCounts()
    {
        _file.Replace(TestConfigurations.OnePool("http://10.0.0.1/"));
        await using var cluster = await Start();
        await View(cluster).Reaches(1);

        _file.Replace(TestConfigurations.OnePool("nowhere"));
        _file.Replace(TestConfigurations.OnePool("nowhere").With(("ReverseProxy:Clusters:app:LoadBalancingPolicy", "Random")));
        _file.Replace(TestConfigurations.OnePool("http://10.0.0.3/"));

        var configuration = await View(cluster).Reaches(2);
        Assert.Equal(new Uri("http://10.0.0.3/"), Assert.Single(configuration.Snapshot.Pools["app"].Backends).Address);
    }

    [Fact]
    public async Task Reload_FileWithoutClusterWideSettings_SaysNothing()
    {
        _file.Replace(TestConfigurations.OnePool("http://10.0.0.1/"));
        await using var cluster = await Start();
        await View(cluster).Reaches(1);

        _file.Replace(SettingsDocument.Empty);
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.4/"));

        await View(cluster).Reaches(2);
        var status = await Grain(cluster).GetStatus();
        Assert.Equal("administrator", status.Source);
        Assert.Equal([cluster.Silos[0].Name], status.DivergentSilos);
    }

    [Fact]
    public async Task Reload_AfterTheStoreWasLost_CountsAsTheSiloItIs()
    {
        var storage = new BreakableStorage();
        _file.Replace(TestConfigurations.OnePool("http://10.0.0.1/"));
        await using var cluster = await Start(silo => silo.Services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, storage));
        await View(cluster).Reaches(1);

        storage.Lose();
        await cluster.DeactivateAsync(Grain(cluster));
        await storage.Holds<ConfigState>(static state => state.Version == 1 && state.Files.Count == 1);
        _file.Replace(TestConfigurations.OnePool("http://10.0.0.2/"));

        var configuration = await View(cluster).Reaches(2);
        Assert.Equal(new Uri("http://10.0.0.2/"), Assert.Single(configuration.Snapshot.Pools["app"].Backends).Address);
    }

    private Task<InProcessTestCluster> Start(Action<ISiloBuilder>? configure = null) =>
        TestClusters.Start(configure: silo =>
        {
            silo.Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Add(_file).Build());
            configure?.Invoke(silo);
        });

    private static IConfigGrain Grain(InProcessTestCluster cluster) => cluster.Client.GetGrain<IConfigGrain>(IConfigGrain.Key);

    private static IConfigurationView View(InProcessTestCluster cluster) =>
        cluster.GetSiloServiceProvider().GetRequiredService<IConfigurationView>();
}
