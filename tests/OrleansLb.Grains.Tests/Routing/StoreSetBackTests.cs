using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Routing;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Routing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Routing;

/// <summary>
/// The store is set back to the first of three versions and the grain starts anew, before any silo has spoken up: their followers are
/// stopped, so that only what the grain asks for by itself can save the numbers in between.
/// </summary>
public sealed class StoreSetBackTests
{
    private readonly BreakableStorage _storage = new();
    private readonly SwitchableWitnesses _witnesses = new();
    private IReadOnlyDictionary<GrainId, object> _backup = new Dictionary<GrainId, object>();

    [Fact]
    public async Task Check_FrontendsServeANumberInBetween_NoNumberGetsASecondMeaning()
    {
        await using var cluster = await StartWithThreeVersions();
        var newest = (await Grain(cluster).Get(0))!;

        await SetBack(cluster);
        // As a front-end does that serves the second version.
        await Grain(cluster).Get(knownVersion: 2);

        await _storage.Holds<ConfigState>(static state => state.Version >= 3);
        var status = await Grain(cluster).GetStatus();
        Assert.Equal((3, newest.Digest), (status.Version, status.Digest));
        Assert.Equal(newest.Generations, (await Grain(cluster).Get(0))!.Generations);
    }

    [Fact]
    public async Task Submit_BeforeAnySiloSpoke_ComesAfterWhatTheSilosFollow()
    {
        await using var cluster = await StartWithThreeVersions();
        var newest = (await Grain(cluster).Get(0))!;

        await SetBack(cluster);
        var next = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.4/"));

        Assert.Equal(4, next);
        var history = (await Grain(cluster).GetStatus()).History;
        Assert.Equal([4, 3, 1], history.Select(static entry => entry.Version));
        Assert.Equal(newest.Digest, history[1].Digest);
    }

    [Fact]
    public async Task Submit_OldConfigurationByAnAdministrator_IsNotTakenForTheOneInForce()
    {
        await using var cluster = await StartWithThreeVersions();

        await SetBack(cluster);
        var reply = await cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.1/"), "alice", isFile: false);

        Assert.Equal((SubmitOutcome.Accepted, 4), (reply.Outcome, reply.Version));
    }

    [Fact]
    public async Task RollBack_BeforeAnySiloSpoke_ComesAfterWhatTheSilosFollow()
    {
        await using var cluster = await StartWithThreeVersions();

        await SetBack(cluster);
        var reply = await Grain(cluster).RollBack(1, "alice");

        Assert.Equal((SubmitOutcome.Accepted, 4), (reply.Outcome, reply.Version));
    }

    [Fact]
    public async Task Submit_OneSiloDoesNotAnswer_WaitsAndGivesNoNumber()
    {
        await using var cluster = await StartWithThreeVersions();

        await SetBack(cluster);
        _witnesses.IsSilent = true;
        var postponed = await cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.4/"), "alice", isFile: false);
        _witnesses.IsSilent = false;
        var retried = await cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.4/"), "alice", isFile: false);

        Assert.Equal((SubmitOutcome.NotStored, 1), (postponed.Outcome, postponed.Version));
        Assert.Equal((SubmitOutcome.Accepted, 4), (retried.Outcome, retried.Version));
    }

    [Fact]
    public async Task Submit_FileThatChangedWhileTheStoreWasSetBackUnderTheGrain_Counts()
    {
        await using var cluster = await StartWithThreeVersions();
        await cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.3/"), "some-silo", isFile: true);

        _storage.SetBack(_backup);
        _storage.IsBroken = true;
        var changed = TestConfigurations.OnePool("http://10.0.0.4/");
        var notStored = await cluster.Client.Submit(changed, "some-silo", isFile: true);
        _storage.IsBroken = false;
        var retried = await cluster.Client.Submit(changed, "some-silo", isFile: true);

        Assert.Equal(SubmitOutcome.NotStored, notStored.Outcome);
        Assert.Equal((SubmitOutcome.Accepted, 4), (retried.Outcome, retried.Version));
    }

    [Fact]
    public async Task Submit_AnotherSiloWasKilled_IsAcceptedOnceThatIsDeclaredDead()
    {
        await using var cluster = await StartWithThreeVersions();

        await cluster.KillSiloAsync(cluster.Silos[1], TestContext.Current.CancellationToken);
        SubmitReply reply;
        do
        {
            reply = await Retry(() => cluster.Client.Submit(TestConfigurations.OnePool("http://10.0.0.4/"), "alice", isFile: false));
        }
        while (reply.Outcome == SubmitOutcome.NotStored);

        Assert.Equal((SubmitOutcome.Accepted, 4), (reply.Outcome, reply.Version));
    }

    private static IConfigGrain Grain(InProcessTestCluster cluster) => cluster.Client.GetGrain<IConfigGrain>(IConfigGrain.Key);

    private async Task<InProcessTestCluster> StartWithThreeVersions()
    {
        var cluster = await TestClusters.Start(silos: 2, configure: silo =>
        {
            silo.Services.AddKeyedSingleton<Orleans.Storage.IGrainStorage>(GrainsSiloBuilderExtensions.StorageName, _storage);
            silo.Services.AddSingleton<ConfigWitnesses>();
            silo.Services.AddSingleton<IConfigWitnesses>(services => _witnesses.Of(services.GetRequiredService<ConfigWitnesses>()));
        });
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/"));
        _backup = _storage.Backup();
        await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.2/"));
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.3/"));
        foreach (var silo in cluster.Silos)
        {
            var services = cluster.GetSiloServiceProvider(silo.SiloAddress);
            await services.GetRequiredService<IConfigurationView>().Reaches(version);
            await services.GetRequiredService<ConfigurationFollower>().StopAsync(TestContext.Current.CancellationToken);
        }

        return cluster;
    }

    private async Task SetBack(InProcessTestCluster cluster)
    {
        _storage.SetBack(_backup);
        await cluster.DeactivateAsync(Grain(cluster));
    }

    // While a silo dies, calls to grains that it held fail.
    private static async Task<SubmitReply> Retry(Func<Task<SubmitReply>> call)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (!deadline.IsCancellationRequested && exception is OrleansException or TimeoutException)
            {
                TestContext.Current.SendDiagnosticMessage(exception.Message);
            }
        }
    }

    /// <summary>The real silos as witnesses, of whom one falls silent when it is told to.</summary>
    private sealed class SwitchableWitnesses
    {
        public volatile bool IsSilent;

        public IConfigWitnesses Of(IConfigWitnesses real) => new Behind(this, real);

        private sealed class Behind(SwitchableWitnesses witnesses, IConfigWitnesses real) : IConfigWitnesses
        {
            public async Task<WitnessedConfiguration> Ask(long knownVersion) => witnesses.IsSilent
                ? new WitnessedConfiguration(IsEverybody: false, HighestVersion: 0, Newest: null)
                : await real.Ask(knownVersion);
        }
    }
}
