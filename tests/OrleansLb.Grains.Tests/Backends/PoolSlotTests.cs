using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clocks;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Backends;

public sealed class PoolSlotTests : IAsyncDisposable
{
    private const int Limit = 10;

    private readonly List<BeatingFrontend> _frontends = [];
    private readonly Dictionary<string, (SlotHolder Holder, SlotGate Gate)> _holders = [];
    private readonly LeapingClock _clock = new();

    public async ValueTask DisposeAsync()
    {
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
    }

    [Fact]
    public async Task ExchangeSlots_PoolWithoutALimit_AnswersNull()
    {
        await using var cluster = await Start(limit: null);

        Assert.Null(await Answers.Of(() => Pool(cluster).ExchangeSlots(Report("fe-1", waiting: 1)), TestContext.Current.CancellationToken));
        Assert.Null(await Answers.Of(() => Pool(cluster).GetSlots(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ExchangeSlots_FrontendNotRegistered_AnswersNull()
    {
        await using var cluster = await Start(Limit);

        Assert.Null(await Answers.Of(() => Pool(cluster).ExchangeSlots(Report("stranger", waiting: 1)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ExchangeSlots_ClusterJustBegan_HandsOutAsSoonAsEverybodyIsKnown()
    {
        await using var cluster = await Start(Limit);

        // Less than a lease after the cluster began, or the clock would have done it.
        await Holds(cluster, "fe-1", 6, waiting: 6);
        await Holds(cluster, "fe-2", 4, waiting: 4);

        var status = (await Pool(cluster).GetSlots())!;
        Assert.Equal((Limit, true), (status.Limit, status.IsComplete));
        var holdings = status.Backends["b0"];
        Assert.Equal(["fe-1", "fe-2"], holdings.Keys.Order());
        Assert.InRange(holdings.Values.Sum(static holding => holding.Leased), 4, Limit);
        Assert.InRange(holdings["fe-2"].Leased, 4, Limit);
        Assert.Equal(4, holdings["fe-2"].Waiting);
    }

    [Fact]
    public async Task ExchangeSlots_FrontendSilentForALease_ItsSlotsGoToOthers()
    {
        await using var cluster = await Start(Limit);
        await Holds(cluster, "fe-1", 10, waiting: 10);
        await Exchange(cluster, "fe-2", waiting: 10);
        Assert.Equal(2, Holder("fe-2", out var gate).ShareParts);
        Assert.Equal(0, gate.Allowed);

        _clock.Leap(SlotLease.Ttl);
        await Exchange(cluster, "fe-2", waiting: 10);

        Assert.Equal(10, gate.Allowed);
    }

    [Fact]
    public async Task ExchangeSlots_FrontendLeaves_ItsSlotsGoToOthersAtOnce()
    {
        await using var cluster = await Start(Limit);
        await Holds(cluster, "fe-1", 10, waiting: 10);

        await Answers.Of(() => Pool(cluster).ExchangeSlots(Report("fe-1", waiting: 0, isLeaving: true)), TestContext.Current.CancellationToken);
        await Exchange(cluster, "fe-2", waiting: 10);

        Holder("fe-2", out var gate);
        Assert.Equal(10, gate.Allowed);
    }

    [Fact]
    public async Task ExchangeSlots_SiloOfThePoolKilled_NobodyLosesWhatItHoldsAndNobodyGetsIt()
    {
        await using var cluster = await Start(Limit, silos: 2);
        await Holds(cluster, "fe-1", 8, waiting: 8);
        await Exchange(cluster, "fe-2", waiting: 2);
        var (one, two) = (Gate("fe-1"), Gate("fe-2"));
        var held = one.Allowed;

        await cluster.KillHostOf(Pool(cluster), TestContext.Current.CancellationToken);
        var worst = 0;
        await Eventually(async () =>
        {
            var isAnswered = await TryExchange(cluster, "fe-2", waiting: 10);
            worst = Math.Max(worst, one.Allowed + two.Allowed);
            return isAnswered;
        });
        await Eventually(() => TryExchange(cluster, "fe-1", waiting: 8));

        Assert.InRange(worst, held, Limit);
        Assert.InRange(one.Allowed + two.Allowed, held, Limit);
    }

    [Theory]
    [InlineData(Limit)]
    [InlineData(null)]
    public async Task Agent_SaysMaxconn_ThatIsTheLimitUntilItSaysAnother(int? configured)
    {
        await using var agent = new TestAgent();
        await using var cluster = await Start(configured, agent: agent);
        Assert.Equal(configured, await LimitOf(cluster));

        agent.Says = "maxconn:4";
        await Eventually(async () => await LimitOf(cluster) == 4);
        await Holds(cluster, "fe-1", 4, waiting: 20);
        await Exchange(cluster, "fe-2", waiting: 20);
        Assert.InRange(Gate("fe-1").Allowed + Gate("fe-2").Allowed, 4, 4);

        agent.Says = "maxconn:12 75%";
        await Eventually(async () => await LimitOf(cluster) == 12);
        await Eventually(() => BothHold(cluster, 12));

        // What they hold beyond it they give back; none of it is handed out anew.
        agent.Says = "maxconn:2";
        await Eventually(async () => await LimitOf(cluster) == 2);
        await Eventually(() => BothHold(cluster, 2));

        agent.Says = "maxconn:0";
        await Eventually(async () => await LimitOf(cluster) is null);
        await Holds(cluster, "fe-1", 1000, waiting: 1000);
        await Holds(cluster, "fe-2", 1000, waiting: 1000);
    }

    [Fact]
    public async Task Agent_SaidMaxconnBeforeThePoolMoved_NoOtherLimitIsHandedOutMeanwhile()
    {
        await using var agent = new TestAgent { Says = "maxconn:3" };
        await using var cluster = await Start(Limit, silos: 2, agent: agent);
        await using var told = await FollowingFrontend.Start(cluster.Client, "fe-3", "app");
        await told.Reaches(static table => table.Rows is [{ Agent.MaxConnections: 3 }]);
        await agent.Close();
        await Holds(cluster, "fe-1", 3, waiting: 20);

        await cluster.KillHostOf(Pool(cluster), TestContext.Current.CancellationToken);
        var worst = 0;
        await Eventually(async () =>
        {
            var isAnswered = await TryExchange(cluster, "fe-1", waiting: 20) && await TryExchange(cluster, "fe-2", waiting: 20);
            worst = Math.Max(worst, Gate("fe-1").Allowed + Gate("fe-2").Allowed);
            return isAnswered && await IsComplete(cluster);
        });

        Assert.Equal(3, worst);
        Assert.Equal(3, await LimitOf(cluster));
    }

    private static async Task<int?> LimitOf(InProcessTestCluster cluster) =>
        (await Pool(cluster).GetSlots())!.Limits!.TryGetValue("b0", out var limit) ? limit : null;

    private static async Task<bool> IsComplete(InProcessTestCluster cluster) => (await Pool(cluster).GetSlots())!.IsComplete;

    private async Task<bool> BothHold(InProcessTestCluster cluster, int slots) =>
        await TryExchange(cluster, "fe-1", waiting: 20) && await TryExchange(cluster, "fe-2", waiting: 20)
        && Gate("fe-1").Allowed + Gate("fe-2").Allowed == slots;

    private TimeSpan Now => _clock.GetElapsedTime(0);

    private SlotHolder Holder(string frontend) => Holder(frontend, out _);

    private SlotGate Gate(string frontend)
    {
        Holder(frontend, out var gate);
        return gate;
    }

    private SlotHolder Holder(string frontend, out SlotGate gate)
    {
        if (!_holders.TryGetValue(frontend, out var known))
        {
            known = (new SlotHolder(frontend, 1, Now), new SlotGate());
            known.Holder.Configure(WhenUnreachable.Deny, [new(BackendKey.Of("app", "b0", 1), known.Gate, Limit)], Now);
            _holders[frontend] = known;
        }

        gate = known.Gate;
        return known.Holder;
    }

    private async Task<InProcessTestCluster> Start(int? limit, int silos = 1, TestAgent? agent = null)
    {
        var cluster = await TestClusters.Start(silos, silo => silo.Services.AddKeyedSingleton<TimeProvider>(Clocks.Key, _clock));
        var configuration = TestConfigurations.OnePool("http://127.0.0.1:1/").With(
            ("ReverseProxy:Clusters:app:OrleansLb:MaxConcurrentRequestsPerDestination", limit?.ToString(CultureInfo.InvariantCulture)));
        if (agent is not null)
        {
            configuration = configuration.With(
                ("ReverseProxy:Clusters:app:OrleansLb:Agent:Port", agent.Port.ToString(CultureInfo.InvariantCulture)),
                ("ReverseProxy:Clusters:app:OrleansLb:Agent:Interval", "00:00:00.100"));
        }

        var version = await cluster.Client.Apply(configuration);
        foreach (var silo in cluster.Silos)
        {
            var view = await cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IConfigurationView>().Reaches(version);
            Assert.Equal(BackendKey.Of("app", "b0", 1), view.Snapshot.Pools["app"].Backends.Single().Key);
        }

        foreach (var id in (string[])["fe-1", "fe-2"])
            _frontends.Add(await BeatingFrontend.Start(cluster.Client, id, new SilentFrontend()));
        return cluster;
    }

    /// <summary>Exchanges, for both front-ends as real ones do, until one holds so many slots.</summary>
    private Task Holds(InProcessTestCluster cluster, string frontend, int slots, int waiting)
    {
        var gate = Gate(frontend);
        return Eventually(async () =>
        {
            foreach (var other in (string[])["fe-1", "fe-2"])
                await TryExchange(cluster, other, other == frontend ? waiting : 0);
            return gate.Allowed >= slots;
        });
    }

    private Task Exchange(InProcessTestCluster cluster, string frontend, int waiting) => Eventually(() => TryExchange(cluster, frontend, waiting));

    private async Task<bool> TryExchange(InProcessTestCluster cluster, string frontend, int waiting)
    {
        var holder = Holder(frontend);
        try
        {
            return await Pool(cluster).ExchangeSlots(Report(frontend, waiting)) is { } reply && holder.TryAccept(Answer(reply), Now);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // Its silo was killed; the next call finds the grain elsewhere.
            return false;
        }
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var began = TimeProvider.System.GetTimestamp(); !await condition();)
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
                throw new TimeoutException("It did not happen within a minute.");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private SlotRequest Report(string frontend, int waiting, bool isLeaving = false)
    {
        var report = Holder(frontend).Begin([waiting], isLeaving, Now);
        return new SlotRequest
        {
            FrontendId = report.FrontendId,
            Incarnation = report.Incarnation,
            Sequence = report.Sequence,
            AckedEpoch = report.AckedEpoch,
            IsLeaving = report.IsLeaving,
            Counts = [.. report.Claims.Select(static claim => new SlotCount(claim.Key.Value, claim.Held, claim.InUse, claim.Waiting, claim.Recent))],
        };
    }

    private static SlotAnswer Answer(SlotReply reply) => new()
    {
        Epoch = reply.Epoch,
        Sequence = reply.Sequence,
        ShareParts = reply.ShareParts,
        IsScarce = reply.IsScarce,
        Grants = [.. reply.Allowances.Select(static allowance => new SlotGrant(new BackendKey(allowance.Key), allowance.Amount))],
    };

    private static IPoolGrain Pool(InProcessTestCluster cluster) => cluster.Client.GetGrain<IPoolGrain>("app");
}
