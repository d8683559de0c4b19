using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.RateLimits;

/// <summary>The grain of a range as the arbiter of requests in flight, with two front-ends.</summary>
public sealed class RangeSlotTests : IAsyncDisposable
{
    private const string Policy = "inFlight";
    private const int Limit = 10;

    private readonly List<BeatingFrontend> _frontends = [];
    private long _sequence;

    public async ValueTask DisposeAsync()
    {
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
    }

    [Fact]
    public async Task ExchangeSlots_TwoFrontends_TogetherHaveTheLimitAndUseIsShown()
    {
        await using var cluster = await Start(new SilentFrontend(), new SilentFrontend());
        Assert.Equal(7, (await Ask(cluster, "fe-0", new(1, 2, 0, 0, 7, 0))).Amount);

        var second = await Ask(cluster, "fe-1", new(1, 2, 0, 0, 7, 0));
        Assert.Equal((3, true, 0), (second.Amount, second.IsScarce, second.Left));
        Assert.Equal(new LimitKeyUsage(1, 2, 10, 0, TimeSpan.MaxValue), await Range(cluster).FindKey(1, 2));
        Assert.Equal(10, (await Range(cluster).ResetKey(1, 2))!.Value.Used);
        Assert.Equal([10.0], (await Range(cluster).MostUsed(5)).Select(static usage => usage.Used));

        // What the first gives back is the second's, and what is over is forgotten.
        await Ask(cluster, "fe-0", new(1, 2, 0, 0, 0, 0));
        Assert.Equal(8, (await Ask(cluster, "fe-1", new(1, 2, 3, 3, 5, 0))).Amount);
        await Ask(cluster, "fe-1", new(1, 2, 0, 0, 0, 0));
        Assert.Null(await Range(cluster).FindKey(1, 2));
    }

    [Fact]
    public async Task ExchangeSlots_FrontendFallsSilent_ItsSlotsAreFreeALeaseLater()
    {
        await using var cluster = await Start(new SilentFrontend(), new SilentFrontend());
        Assert.Equal(Limit, (await Ask(cluster, "fe-0", new(1, 2, 0, 0, Limit, 0))).Amount);
        var silence = TimeProvider.System.GetTimestamp();

        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await Ask(cluster, "fe-1", new(1, 2, 0, 0, 1, 0))).Amount == 0)
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);

        Assert.InRange(TimeProvider.System.GetElapsedTime(silence), TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task ExchangeSlots_FrontendSaysWhatItHolds_OnlyTheRestIsGivenAndOlderRequestsAreIgnored()
    {
        await using var cluster = await Start(new Holding("fe-0", sequence: 50, held: 7), new SilentFrontend());

        Assert.Equal(3, (await Ask(cluster, "fe-1", new(1, 2, 0, 0, Limit, 0))).Amount);

        Assert.Null(await Answers.Of(() => Range(cluster).ExchangeSlots(new LimitSlotRequest { FrontendId = "fe-0", Incarnation = 1, Sequence = 50, LeastEpoch = 0 }), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ExchangeSlots_FrontendDoesNotSayWhatItHolds_NothingIsGivenForALease()
    {
        await using var cluster = await Start(new Silent(), new SilentFrontend());

        var reply = await Exchange(cluster, "fe-1", new(1, 2, 0, 0, 1, 0));

        Assert.Equal((false, 0), (reply.IsComplete, reply.Grants[0].Amount));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((reply = await Exchange(cluster, "fe-1", new(1, 2, 0, 0, 1, 0))).Grants[0].Amount == 0)
            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        Assert.True(reply.IsComplete);
    }

    [Fact]
    public async Task ExchangeSlots_PolicyCountsSomethingElse_EachCallFollows()
    {
        await using var cluster = await Start(new SilentFrontend(), new SilentFrontend());
        Assert.Equal(4, (await Ask(cluster, "fe-0", new(1, 2, 0, 0, 4, 0))).Amount);

        await Apply(cluster, ("Algorithm", "FixedWindow"), ("Window", "00:10:00"));
        Assert.Null(await Answers.Of(() => Range(cluster).ExchangeSlots(Request("fe-0", new(1, 2, 4, 4, 0, 0))), TestContext.Current.CancellationToken));
        Assert.NotNull(await Range(cluster).Exchange(new LimitRequest { FrontendId = "fe-0", Incarnation = 1, Seq = 1 }));
        Assert.Null(await Range(cluster).FindKey(1, 2));

        await Apply(cluster, ("PermitLimit", "2"));
        Assert.Null(await Range(cluster).Exchange(new LimitRequest { FrontendId = "fe-0", Incarnation = 1, Seq = 2 }));
        Assert.Equal(2, (await Ask(cluster, "fe-0", new(1, 2, 0, 0, 4, 0))).Amount);
    }

    [Fact]
    public async Task ExchangeSlots_FrontendNotRegistered_AnswersNull()
    {
        await using var cluster = await Start(new SilentFrontend(), new SilentFrontend());

        Assert.Null(await Answers.Of(() => Range(cluster).ExchangeSlots(Request("stranger", new(1, 2, 0, 0, 1, 0))), TestContext.Current.CancellationToken));
    }

    private static IRateLimitRangeGrain Range(InProcessTestCluster cluster) =>
        cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(Policy, 1));

    private static async Task Apply(InProcessTestCluster cluster, params (string Key, string? Value)[] numbers)
    {
        (string Key, string? Value)[] policy = [("Algorithm", "Concurrency"), ("PermitLimit", $"{Limit}"), ("Mode", "Exact"), .. numbers];
        var version = await cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/").With(
            [.. policy.Reverse().DistinctBy(static pair => pair.Key).Select(static pair => ($"OrleansLb:RateLimiting:Policies:{Policy}:{pair.Key}", pair.Value))]));
        await cluster.Silos[0].ServiceProvider.GetRequiredService<IConfigurationView>().Reaches(version);
    }

    private async Task<InProcessTestCluster> Start(params IFrontendObserver[] observers)
    {
        var cluster = await TestClusters.Start();
        await Apply(cluster);
        for (var index = 0; index < observers.Length; index++)
            _frontends.Add(await BeatingFrontend.Start(cluster.Client, $"fe-{index}", observers[index]));
        return cluster;
    }

    private async Task<LimitSlotGrant> Ask(InProcessTestCluster cluster, string frontend, LimitSlotClaim claim) =>
        (await Exchange(cluster, frontend, claim)).Grants[0];

    // Until the cluster has settled nobody is answered.
    private async Task<LimitSlotReply> Exchange(InProcessTestCluster cluster, string frontend, LimitSlotClaim claim)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1);)
        {
            try
            {
                if (await Range(cluster).ExchangeSlots(Request(frontend, claim)) is { } reply)
                    return reply;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(exception.Message);
            }

            await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The range did not answer within a minute.");
    }

    private LimitSlotRequest Request(string frontend, LimitSlotClaim claim) =>
        new() { FrontendId = frontend, Incarnation = 1, Sequence = 100 + ++_sequence, LeastEpoch = 0, Claims = [claim] };

    private sealed class Holding(string id, long sequence, int held) : SilentFrontend
    {
        public override Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) => Task.FromResult(new LimitRangeReport(true, 5, [])
        {
            Slots = new LimitSlotRequest { FrontendId = id, Incarnation = 1, Sequence = sequence, LeastEpoch = epoch, IsWhole = true, Claims = [new(1, 2, held, held, 0, 0)] },
        });
    }

    private sealed class Silent : SilentFrontend
    {
        public override Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) =>
            new TaskCompletionSource<LimitRangeReport>().Task;
    }
}
