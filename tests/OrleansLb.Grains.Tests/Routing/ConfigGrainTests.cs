using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Clustering.Membership;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Routing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Files;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Routing;

public sealed class ConfigGrainTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Submit_ValidConfiguration_IsFollowedByEverySilo()
    {
        await using var cluster = await TestClusters.Start(silos: 2);

        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));

        foreach (var silo in cluster.Silos)
        {
            var configuration = await View(cluster, silo).Reaches(version);
            Assert.Equal("app", Assert.Single(configuration.Routes).ClusterId);
            Assert.Equal("b0", Assert.Single(configuration.Snapshot.Pools["app"].Backends).Id);
        }
    }

    [Fact]
    public async Task Submit_ConfigurationWithErrors_KeepsTheVersionInForceAndSaysWhy()
    {
        await using var cluster = await TestClusters.Start();
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));

        var reply = await cluster.Client.Submit(TestConfigurations.OnePool("nowhere").With(("ReverseProxy:Routes:app:Order", "x")), "alice", isFile: false);

        Assert.Equal(SubmitOutcome.Refused, reply.Outcome);
        Assert.Equal(version, reply.Version);
        Assert.Equal(
            ["ReverseProxy:Clusters:app:Destinations:b0:Address", "ReverseProxy:Routes:app:Order"],
            reply.Errors.Select(error => error.Path));
        var status = await Grain(cluster).GetStatus();
        Assert.Equal(version, status.Version);
        Assert.Equal("alice", status.LastRefusal!.Source);
        Assert.Equal(reply.Errors, status.LastRefusal.Errors);
    }

    [Fact]
    public async Task Submit_AfterARefusal_AcceptedOrTakenBack_NothingIsRefusedAnyMore()
    {
        await using var cluster = await TestClusters.Start();
        var (first, bad) = (TestConfigurations.OnePool("http://10.0.0.1/"), TestConfigurations.OnePool("nowhere"));
        await cluster.Client.Submit(first, "silo1", isFile: true);

        await cluster.Client.Submit(bad, "silo1", isFile: true);
        await cluster.Client.Submit(first, "silo2", isFile: true);
        Assert.Equal("silo1", (await Grain(cluster).GetStatus()).LastRefusal?.Source);
        await cluster.Client.Submit(first, "silo1", isFile: true);
        Assert.Null((await Grain(cluster).GetStatus()).LastRefusal);

        await cluster.Client.Submit(bad, "silo1", isFile: true);
        await cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.2/"), "alice", isFile: false);
        Assert.Null((await Grain(cluster).GetStatus()).LastRefusal);
    }

    [Fact]
    public async Task Submit_DamagedBytes_AreRefused()
    {
        await using var cluster = await TestClusters.Start();
        var document = TestConfigurations.OnePool("http://10.0.0.1/");

        var damaged = await Grain(cluster).Submit(new SubmitRequest("silo1", true, document.Digest, [1, 2, 3], 0));
        var mislabelled = await Grain(cluster).Submit(new SubmitRequest("silo1", true, "0000", document.Pack(), 0));

        Assert.Equal(SubmitOutcome.Refused, damaged.Outcome);
        Assert.Equal(SubmitOutcome.Refused, mislabelled.Outcome);
    }

    [Fact]
    public async Task Submit_JoiningSiloWithAnotherFile_IsDivergentAndOverwritesNothing()
    {
        await using var cluster = await TestClusters.Start();
        await cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.1/"), "silo1", isFile: true);

        var reply = await cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.9/"), "silo2", isFile: true);

        Assert.Equal(SubmitOutcome.Divergent, reply.Outcome);
        var status = await Grain(cluster).GetStatus();
        Assert.Equal(["silo2"], status.DivergentSilos);
        Assert.Equal("silo1", status.Source);
        Assert.Equal(SubmitOutcome.Accepted, (await cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.8/"), "silo2", isFile: true)).Outcome);
    }

    [Fact]
    public async Task RollBack_HistoricVersion_IsANewVersionThatIsServed()
    {
        await using var cluster = await TestClusters.Start();
        var first = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.2/"));

        var reply = await Grain(cluster).RollBack(first, "administrator");
        var unknown = await Grain(cluster).RollBack(99, "administrator");

        Assert.Equal((SubmitOutcome.Accepted, first + 2), (reply.Outcome, reply.Version));
        Assert.Equal((SubmitOutcome.UnknownVersion, first + 2), (unknown.Outcome, unknown.Version));
        var backend = Assert.Single((await View(cluster, cluster.Silos[0]).Reaches(reply.Version)).Snapshot.Pools["app"].Backends);
        Assert.Equal(new Uri("http://10.0.0.1/"), backend.Address);
        Assert.Equal(reply.Version, backend.Generation);
        Assert.Equal([first + 2, first + 1, first], (await Grain(cluster).GetStatus()).History.Select(entry => entry.Version));
    }

    [Fact]
    public async Task Restart_OfTheWholeCluster_KeepsVersionSettingsAndKeys()
    {
        ConfigurationDocument before;
        await using (var cluster = await TestClusters.Start(configure: StoreInFiles))
        {
            await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
            await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.2/"));
            before = (await Grain(cluster).Get(0))!;
        }

        await using var restarted = await TestClusters.Start(configure: StoreInFiles);
        var after = (await Grain(restarted).Get(0))!;

        Assert.Equal((before.Version, before.Digest, before.SigningKeyId), (after.Version, after.Digest, after.SigningKeyId));
        Assert.Equal(before.Settings, after.Settings);
        Assert.Equal(before.Generations, after.Generations);
        Assert.Equal(before.Keys.Select(key => (key.KeyId, Convert.ToHexString(key.Secret))), after.Keys.Select(key => (key.KeyId, Convert.ToHexString(key.Secret))));
        await View(restarted, restarted.Silos[0]).Reaches(before.Version);
    }

    [Fact]
    public async Task Submit_StoredInFiles_FolderIsWrittenToTheDiskAfterTheRename()
    {
        await using var cluster = await TestClusters.Start(configure: StoreInFiles);
        using var watch = FolderWatch.Start(_directory);

        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));

        Assert.True(watch.WasOpenedAfterRenameTo(".state"));
    }

    [Fact]
    public async Task Submit_FirstVersion_BringsAKeyRingThatSeals()
    {
        await using var cluster = await TestClusters.Start();
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));

        var document = (await Grain(cluster).Get(0))!;

        Assert.Equal(2, document.Keys.Length);
        Assert.All(document.Keys, key => Assert.Equal(32, key.Secret.Length));
        Assert.Contains(document.Keys, key => key.KeyId == document.SigningKeyId);
        Assert.DoesNotContain(Convert.ToHexString(document.Keys[0].Secret), document.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Null(await Grain(cluster).Get(document.Version));
    }

    [Fact]
    public async Task GetWithoutKeys_IsAllButTheSecrets()
    {
        await using var cluster = await TestClusters.Start();
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
        var whole = (await Grain(cluster).Get(0))!;

        var document = (await Grain(cluster).GetWithoutKeys(0))!;

        Assert.Equal((version, whole.Digest), (document.Version, document.Digest));
        Assert.Equal(whole.Settings, document.Settings);
        Assert.Equal(whole.Generations, document.Generations);
        Assert.Equal((0, "", null), (document.Keys.Length, document.SigningKeyId, document.SessionSecret));
        Assert.NotEmpty(whole.SessionSecret!);
        Assert.Null(await Grain(cluster).GetWithoutKeys(version));
    }

    [Fact]
    public async Task Submit_StoreFails_IsNotInForceUntilItIsStored()
    {
        var storage = new BreakableStorage();
        await using var cluster = await TestClusters.Start(configure: silo => silo.Services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, storage));
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
        var next = TestConfigurations.OnePool("http://10.0.0.2/");

        storage.IsBroken = true;
        var failed = await cluster.Client.Submit(next, "silo1", isFile: false);
        var document = await Grain(cluster).Get(0);
        storage.IsBroken = false;
        var retried = await cluster.Client.Submit(next, "silo1", isFile: false);

        Assert.Equal((SubmitOutcome.NotStored, version), (failed.Outcome, failed.Version));
        Assert.Equal(version, document!.Version);
        Assert.Equal((SubmitOutcome.Accepted, version + 1), (retried.Outcome, retried.Version));
    }

    [Fact]
    public async Task Submit_WriteUnderWay_IsNotShownToAnybody()
    {
        var storage = new BreakableStorage();
        await using var cluster = await TestClusters.Start(configure: silo => silo.Services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, storage));
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
        var hold = new TaskCompletionSource();
        storage.Hold = hold.Task;

        var submission = cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.2/"), "alice", isFile: false);
        await storage.Writing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var during = await Grain(cluster).Get(0);
        hold.SetResult();

        Assert.Equal(version, during!.Version);
        Assert.Equal(version + 1, (await submission).Version);
        Assert.Equal(version + 1, (await Grain(cluster).Get(0))!.Version);
    }

    [Fact]
    public async Task Follow_ASubscriberOfTheSiloThrows_SiloFollowsOn()
    {
        await using var cluster = await TestClusters.Start();
        View(cluster, cluster.Silos[0]).Changed += static _ => throw new InvalidOperationException("This subscriber is broken.");

        for (var host = 1; host <= 2; host++)
        {
            var version = await cluster.Client.Apply(TestConfigurations.OnePool($"http://10.0.0.{host}/"));
            await View(cluster, cluster.Silos[0]).Reaches(version);
        }
    }

    [Fact]
    public async Task Follow_StoreLostUnderRunningSilos_IsGivenBackWithNumberGenerationsAndKeys()
    {
        var storage = new BreakableStorage();
        await using var cluster = await TestClusters.Start(configure: silo => silo.Services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, storage));
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/"));
        await View(cluster, cluster.Silos[0]).Reaches(version);
        var before = (await Grain(cluster).Get(0))!;
        var hold = new TaskCompletionSource();

        storage.Lose();
        storage.Hold = hold.Task;
        await cluster.DeactivateAsync(Grain(cluster));
        await storage.Writing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        hold.SetResult();
        var next = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.3/"));

        var status = await Grain(cluster).GetStatus();
        var after = (await Grain(cluster).Get(0))!;
        Assert.Equal([next, version], status.History.Select(entry => entry.Version));
        Assert.Equal(version + 1, next);
        Assert.Equal(before.SigningKeyId, after.SigningKeyId);
        Assert.Equal(before.Keys.Select(key => key.KeyId), after.Keys.Select(key => key.KeyId));
        Assert.Equal([1, (int)next], PackedGenerations.Unpack(after.Generations).Backends.Select(backend => backend.Generation));
    }

    [Fact]
    public async Task Submit_EmptyStoreAndAFrontendOfBefore_ContinuesAboveItsVersion()
    {
        await using var cluster = await TestClusters.Start();
        await using var frontend = await ServingFrontend.Start(cluster.Client, "fe-1", version: 40);

        Assert.Equal(41, await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/")));
        Assert.True(await frontend.Told(41));
    }

    [Fact]
    public async Task Check_FrontendOfBeforeAppearsLate_RenumbersAboveIt()
    {
        await using var cluster = await TestClusters.Start();
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));

        await using var frontend = await ServingFrontend.Start(cluster.Client, "fe-1", version: 90);

        Assert.True(await frontend.Told(91));
        var configuration = await View(cluster, cluster.Silos[0]).Reaches(91);
        Assert.Equal(91, Assert.Single(configuration.Snapshot.Pools["app"].Backends).Generation);
    }

    [Fact]
    public async Task Keys_AreOld_GetANewOneAndSealingMovesOnWhenEverybodyHasIt()
    {
        var storage = new BreakableStorage();
        await using var cluster = await TestClusters.Start(configure: silo => silo.Services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, storage));
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
        var before = (await Grain(cluster).Get(0))!;
        await using var late = await ServingFrontend.Start(cluster.Client, "fe-1", version: 1);
        // An application that uses limits is given no keys: what it serves holds nobody up.
        await using var application = await BeatingFrontend.Start(cluster.Client, "shop", new SilentFrontend(), configurationVersion: 0, limitsOnly: true);

        storage.Backup().Values.OfType<ConfigState>().Single().KeysSince -= TimeSpan.FromDays(8);
        await cluster.DeactivateAsync(Grain(cluster));

        Assert.True(await late.Told(2));
        var rotated = (await Grain(cluster).Get(0))!;
        Assert.Equal(before.Keys.Select(static key => key.KeyId), rotated.Keys.Skip(1).Select(static key => key.KeyId));
        Assert.Equal((before.SigningKeyId, before.Digest), (rotated.SigningKeyId, rotated.Digest));
        // Nobody may be shown a cookie of the next key while one front-end has not said that it serves this version.
        await View(cluster, cluster.Silos[0]).Reaches(2);
        Assert.Equal(2, (await Grain(cluster).GetStatus()).Version);

        await using var current = await ServingFrontend.Start(cluster.Client, "fe-2", version: 2);
        await late.Leave();
        Assert.True(await current.Told(3));
        var acknowledged = (await Grain(cluster).Get(0))!;
        Assert.Equal(before.Keys[0].KeyId, acknowledged.SigningKeyId);
        Assert.Equal(rotated.Keys.Select(static key => key.KeyId), acknowledged.Keys.Select(static key => key.KeyId));
    }

    private static IConfigGrain Grain(InProcessTestCluster cluster) => cluster.Client.GetGrain<IConfigGrain>(IConfigGrain.Key);

    private static IConfigurationView View(InProcessTestCluster cluster, InProcessSiloHandle silo) =>
        cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IConfigurationView>();

    private void StoreInFiles(ISiloBuilder silo) =>
        silo.AddOrleansLbState(new MembershipOptions { StateDirectory = _directory }, GrainsSiloBuilderExtensions.StorageName);
}
