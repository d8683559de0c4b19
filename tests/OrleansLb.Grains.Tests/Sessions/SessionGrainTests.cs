using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;
using OrleansLb.Testing.Clocks;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Sessions;

public sealed class SessionGrainTests
{
    private static readonly SessionId Known = new(0, 1);
    private static readonly SessionId Newcomer = new(0, 2);

    [Fact]
    public async Task Bind_RangeIsFull_NewcomersAreRefusedAndCountedUntilWhoWasThereIsIdle()
    {
        var clock = new LeapingClock();
        await using var cluster = await Start(clock);
        await using var frontend = await BeatingFrontend.Start(cluster.Client, "fe-1", new SilentFrontend());
        var backends = Silo<IConfigurationView>(cluster).Current.Snapshot.Pools["app"].Backends.Select(static backend => backend.Key.Value).ToArray();
        using var claims = new MetricCollector<long>(Silo<IMeterFactory>(cluster), "OrleansLb.Sessions", "orleanslb.session.claims");
        Assert.Equal(WireSessionOutcome.Unbound, (await Bind(cluster, Known, 0)).Outcome);

        var first = await Bind(cluster, Known, backends[0]);
        var refused = await Bind(cluster, Newcomer, backends[1]);
        var moved = await Answers.Of(() => Range(cluster).Move(Newcomer, backends[1]), TestContext.Current.CancellationToken);
        var again = await Bind(cluster, Known, backends[1]);

        Assert.Equal((backends[0], WireSessionOutcome.Full, 0UL), (first.Backend, refused.Outcome, refused.Backend));
        Assert.Null(moved!.Session);
        Assert.Equal((WireSessionOutcome.Found, backends[0], first.BindingEpoch), (again.Outcome, again.Backend, again.BindingEpoch));
        clock.Leap(SessionTable.EvictableAfter + TimeSpan.FromSeconds(1));
        Assert.Equal(backends[1], (await Bind(cluster, Newcomer, backends[1])).Backend);
        Assert.Equal(WireSessionOutcome.Full, (await Bind(cluster, Known, backends[0])).Outcome);
        Assert.Equal(
            ["bound", "found", "full", "unbound"],
            claims.GetMeasurementSnapshot().Where(static claim => Equals(claim.Tags["pool"], "app")).Select(static claim => (string)claim.Tags["outcome"]!).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>A pool whose ranges have room for one session each.</summary>
    private static async Task<InProcessTestCluster> Start(TimeProvider clock)
    {
        var cluster = await TestClusters.Start(configure: silo => silo.Services.AddKeyedSingleton(Clocks.Key, clock));
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/").With(
            ("ReverseProxy:Clusters:app:SessionAffinity:Enabled", "true"),
            ("ReverseProxy:Clusters:app:SessionAffinity:Policy", "ClusterSession"),
            ("ReverseProxy:Clusters:app:SessionAffinity:AffinityKeyName", "sid"),
            ("ReverseProxy:Clusters:app:OrleansLb:Session:MaxSessions", $"{SessionKey.RangeCount}")));
        await Silo<IConfigurationView>(cluster).Reaches(version);
        return cluster;
    }

    private static T Silo<T>(InProcessTestCluster cluster) where T : notnull =>
        cluster.GetSiloServiceProvider(cluster.Silos[0].SiloAddress).GetRequiredService<T>();

    private static ISessionGrain Range(InProcessTestCluster cluster) => cluster.Client.GetGrain<ISessionGrain>(ISessionGrain.KeyOf("app", range: 0));

    // Until the range decides: it does not while front-ends may still register, or must register anew because time has leapt.
    private static async Task<SessionReply> Bind(InProcessTestCluster cluster, SessionId session, ulong candidate)
    {
        var request = new SessionRequest { FrontendId = "fe-1", Incarnation = 1, Epoch = 0, Session = session, Candidate = candidate };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60);)
        {
            if (await Answers.Of(() => Range(cluster).Bind(request), TestContext.Current.CancellationToken) is { } reply)
                return reply;
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The range did not decide within a minute.");
    }
}
