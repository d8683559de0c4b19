using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Testing.Clocks;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Backends;

public sealed class PoolLoadTests
{
    [Fact]
    public async Task Exchange_TwoFrontends_EachSeesTheSumAndTheStatusBoth()
    {
        await using var cluster = await Start();
        var key = await Key(cluster);

        await Pool(cluster).Exchange(Report("fe-1", 1, new LoadCount(key, 3, 1)));
        var reply = await Pool(cluster).Exchange(Report("fe-2", 1, new LoadCount(key, 4, 0)));
        var status = await cluster.Client.StatusOf("app", TestContext.Current.CancellationToken);

        Assert.Equal([new LoadCount(key, 7, 1)], reply.Totals);
        Assert.Equal(1, reply.SequenceEcho);
        var backend = Assert.Single(status.Backends);
        Assert.Equal(new LoadCount(key, 7, 1), backend.InFlight);
        Assert.Equal(new LoadCount(key, 3, 1), backend.ByFrontend["fe-1"]);
        Assert.Equal(new LoadCount(key, 4, 0), backend.ByFrontend["fe-2"]);
        Assert.Equal(["fe-1", "fe-2"], status.Frontends);
    }

    [Fact]
    public async Task Exchange_SiloOfThePoolKilled_TotalsAreRightAfterOneReportOfEach()
    {
        await using var cluster = await Start(silos: 2);
        var key = await Key(cluster);
        var before = await Pool(cluster).Exchange(Report("fe-1", 1, new LoadCount(key, 3, 0)));
        await Pool(cluster).Exchange(Report("fe-2", 1, new LoadCount(key, 4, 0)));

        await cluster.KillHostOf(Pool(cluster), TestContext.Current.CancellationToken);
        var told = await Answers.Of(
            () => Pool(cluster).Exchange(Report("fe-1", 2) with { BaseSequence = 1, AckedEpoch = before.Epoch, AckedVersion = before.Version }),
            TestContext.Current.CancellationToken);
        await Pool(cluster).Exchange(Report("fe-1", 3, new LoadCount(key, 5, 0)));
        var after = await Pool(cluster).Exchange(Report("fe-2", 2, new LoadCount(key, 6, 0)));

        Assert.True(told.NeedFull);
        Assert.Equal(0, told.BaseVersion);
        Assert.True(Order(told.Epoch) > Order(before.Epoch));
        Assert.Equal([new LoadCount(key, 11, 0)], after.Totals);
    }

    [Fact]
    public async Task GetStatus_FrontendSilent_ItsRequestsLeaveWithinASecondAndItsConnectionsAfterTen()
    {
        var clock = new LeapingClock();
        await using var cluster = await Start(configure: silo => silo.Services.AddKeyedSingleton<TimeProvider>(Clocks.Key, clock));
        var key = await Key(cluster);
        await Pool(cluster).Exchange(Report("fe-1", 1, new LoadCount(key, 3, 2)));

        clock.Leap(TimeSpan.FromSeconds(1));
        var soon = (await cluster.Client.StatusOf("app", TestContext.Current.CancellationToken)).Backends.Single().InFlight;
        clock.Leap(TimeSpan.FromSeconds(9));
        var later = (await cluster.Client.StatusOf("app", TestContext.Current.CancellationToken)).Backends.Single().InFlight;

        Assert.Equal(new LoadCount(key, 0, 2), soon);
        Assert.Equal(new LoadCount(key, 0, 0), later);
    }

    [Fact]
    public async Task Leave_FrontendStops_ItsCountsAreGoneAtOnce()
    {
        await using var cluster = await Start();
        var key = await Key(cluster);
        await Pool(cluster).Exchange(Report("fe-1", 1, new LoadCount(key, 3, 2)));

        await Pool(cluster).Leave("fe-1", 1);

        var status = await cluster.Client.StatusOf("app", TestContext.Current.CancellationToken);
        Assert.Equal(new LoadCount(key, 0, 0), status.Backends.Single().InFlight);
        Assert.Empty(status.Frontends);
    }

    [Fact]
    public async Task Exchange_NegativeCount_IsRefusedByItsAnswerAndChangesNothing()
    {
        await using var cluster = await Start();
        var key = await Key(cluster);

        using var refused = new MetricCollector<long>(
            cluster.GetSiloServiceProvider(cluster.Silos[0].SiloAddress).GetRequiredService<IMeterFactory>(), "OrleansLb.Backends", "orleanslb.exchange.refused");
        await Pool(cluster).Exchange(Report("fe-2", 1, new LoadCount(key, 4, 0)));

        var reply = await Pool(cluster).Exchange(Report("fe-1", 1, new LoadCount(key, -3, 0)));

        Assert.Equal((WireLoadRefusal.Counts, true), (reply.Refusal, reply.NeedFull));
        Assert.Equal([new LoadCount(key, 4, 0)], reply.Totals);
        Assert.Equal(["fe-2"], (await cluster.Client.StatusOf("app", TestContext.Current.CancellationToken)).Frontends);
        Assert.Equal("Counts", Assert.Single(refused.GetMeasurementSnapshot()).Tags["reason"]);
        Assert.Equal(WireLoadRefusal.None, (await Pool(cluster).Exchange(Report("fe-1", 1, new LoadCount(key, 3, 0)))).Refusal);
    }

    [Fact]
    public void Refusals_OnTheWire_AreThoseOfTheMachine() =>
        Assert.Equal(Enum.GetValues<LoadRefusal>().Select(static refusal => (refusal.ToString(), (int)refusal)), Enum.GetValues<WireLoadRefusal>().Select(static refusal => (refusal.ToString(), (int)refusal)));

    [Fact]
    public async Task Exchange_NoCounts_IsAnswered()
    {
        await using var cluster = await Start();

        Assert.Equal(WireLoadRefusal.None, (await Pool(cluster).Exchange(Report("fe-1", 1) with { Entries = null! })).Refusal);
    }

    private static async Task<InProcessTestCluster> Start(int silos = 1, Action<ISiloBuilder>? configure = null)
    {
        var cluster = await TestClusters.Start(silos, configure);
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://127.0.0.1:1/"));
        foreach (var silo in cluster.Silos)
            await View(cluster, silo).Reaches(version);
        return cluster;
    }

    private static async Task<ulong> Key(InProcessTestCluster cluster) =>
        (await View(cluster, cluster.Silos[0]).Reaches(1)).Snapshot.Pools["app"].Backends.Single().Key.Value;

    private static IConfigurationView View(InProcessTestCluster cluster, InProcessSiloHandle silo) =>
        cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IConfigurationView>();

    private static IPoolGrain Pool(InProcessTestCluster cluster) => cluster.Client.GetGrain<IPoolGrain>("app");

    private static PoolEpoch Order(LoadEpoch epoch) => new(epoch.Number, epoch.SiloIdentity);

    private static ExchangeRequest Report(string frontend, long sequence, params LoadCount[] entries) => new()
    {
        FrontendId = frontend,
        Incarnation = 1,
        Sequence = sequence,
        BaseSequence = 0,
        AckedEpoch = new LoadEpoch(0, ""),
        AckedVersion = 0,
        Tau = TimeSpan.FromMilliseconds(20),
        Arrivals = 0,
        Completions = 0,
        ServiceTime = TimeSpan.Zero,
        Entries = entries,
    };
}
