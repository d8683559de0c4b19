using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Testing.Clocks;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>Outliers of pools whose backends nobody probes: what front-ends report decides alone.</summary>
public sealed class OutlierClusterTests : IAsyncLifetime
{
    private const string Outlier = "ReverseProxy:Clusters:app:OrleansLb:Outlier:";

    private readonly LeapingClock _clock = new();
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() =>
        _cluster = await TestClusters.Start(configure: silo => silo.Services.AddKeyedSingleton<TimeProvider>(Clocks.Key, _clock));

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Exchange_TwoFrontendsSawFewFailuresEach_BackendIsEjectedOnceForTheCluster()
    {
        await using var follower = await Start(4);
        var (first, second) = await Reporters();

        first.Fail(Key(1), 3);
        await first.Exchange();
        second.Fail(Key(1), 2);
        await second.Exchange();
        // Nobody has had another outcome meanwhile, and says so.
        await first.Exchange();
        await second.Exchange();

        var row = Row(await follower.Reaches(IsOut(1)), 1);
        Assert.Equal((WireBackendState.Down, false, WireOutlierCause.ConsecutiveFailures, 1), (row.State, row.TakesPinned, row.Ejection!.Cause, row.Ejection.Count));
        Assert.InRange(row.Ejection.Left, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
        Assert.Equal("ejected for 30 s: 5 gateway failures in a row over 2 front-ends", (await Status(1)).Reason);
    }

    [Fact]
    public async Task Exchange_OneFrontendFailsAndAnotherSucceeds_NobodyIsEjected()
    {
        await using var follower = await Start(4);
        var (first, second) = await Reporters();
        for (var i = 0; i < 10; i++)
        {
            first.Fail(Key(1), 3);
            second.Answer(Key(1), good: 1);
            await first.Exchange();
            await second.Exchange();
        }

        Assert.True(Row(await follower.Reaches(IsWhole), 1).TakesNew);
        Assert.DoesNotContain(follower.Seen, static seen => seen.State == WireBackendState.Down);
    }

    [Fact]
    public async Task Exchange_ThreeOfFourFail_OneIsEjected()
    {
        await using var follower = await Start(4);
        var (first, second) = await Reporters();
        for (var i = 0; i < 10; i++)
        {
            for (var backend = 0; backend < 3; backend++)
                first.Fail(Key(backend), 5);
            await first.Exchange();
            await second.Exchange();
        }

        var table = await follower.Reaches(static table => table.Rows.Any(static row => row.Ejection is not null));
        Assert.Single(table.Rows, static row => row.Ejection is not null);
        Assert.Equal(3, table.Rows.Count(static row => row.TakesNew));
    }

    [Fact]
    public async Task Exchange_OneOfFiveAnswersWithErrors_IsEjectedAfterTheInterval()
    {
        await using var follower = await Start(5);
        var (first, second) = await Reporters();
        foreach (var frontend in (ReportingFrontend[])[first, second])
        {
            for (var backend = 0; backend < 5; backend++)
                frontend.Answer(Key(backend), good: backend == 2 ? 0 : 50, errors: backend == 2 ? 50 : 0);
            await frontend.Exchange();
        }

        _clock.Leap(TimeSpan.FromSeconds(10));

        await follower.Reaches(IsOut(2));
        Assert.Equal("ejected for 30 s: 0 % of 100 answers were good, less than the pool's limit of 4 %", (await Status(2)).Reason);
    }

    [Fact]
    public async Task Time_OfAnEjectionIsOver_BackendReturnsOnEveryFrontend()
    {
        await using var follower = await Start(4);
        var (first, second) = await Reporters();
        first.Fail(Key(1), 5);
        for (var i = 0; i < 3; i++)
        {
            await first.Exchange();
            await second.Exchange();
        }

        await follower.Reaches(IsOut(1));
        _clock.Leap(TimeSpan.FromSeconds(30));

        Assert.Null(Row(await follower.Reaches(static table => table.Rows.All(static row => row.TakesNew)), 1).Ejection);
        Assert.Equal("not probed", (await Status(1)).Reason);
        Assert.Equal(["ejected for 30 s: 5 gateway failures in a row at one front-end", "no longer ejected; not probed"], await Evidence(1, changes: 2));
    }

    [Fact]
    public async Task Pool_LostItsMemory_EjectionGoesOnForAsLongAsItHadLeftAndNoLonger()
    {
        var remembered = new EligibilityRow(Key(1).Value, WireBackendState.Down, false, false, false, false)
        {
            Ejection = new WireEjection(WireOutlierCause.SuccessRate, 2, TimeSpan.FromMinutes(2)),
        };
        await using var follower = await Start(4, remembered);

        var resumed = Row(await follower.Reaches(IsWhole), 1);
        Assert.False(resumed.TakesNew);
        Assert.Equal(2, resumed.Ejection!.Count);
        Assert.InRange(resumed.Ejection.Left, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(2));
        Assert.Equal("ejected before this pool moved: SuccessRate", (await Status(1)).Reason);

        _clock.Leap(TimeSpan.FromMinutes(1));
        await follower.Reaches(IsWhole);
        Assert.True(IsOut(1)(await follower.Reaches(IsWhole)));
        _clock.Leap(TimeSpan.FromMinutes(1));
        await follower.Reaches(static table => table.Rows.All(static row => row.TakesNew));
    }

    [Fact]
    public async Task Pool_FrontendsRememberAnEndlessEjection_ItEndsAfterTheLongest()
    {
        var remembered = new EligibilityRow(Key(1).Value, WireBackendState.Down, false, false, false, false)
        {
            Ejection = new WireEjection(WireOutlierCause.SuccessRate, int.MaxValue, TimeSpan.MaxValue),
        };
        await using var follower = await Start(4, remembered);
        await follower.Reaches(IsOut(1));

        _clock.Leap(TimeSpan.FromMinutes(5));

        await follower.Reaches(static table => table.Rows.All(static row => row.TakesNew));
    }

    [Fact]
    public async Task Configure_DetectionIsSwitchedOff_TheEjectedReturn()
    {
        await using var follower = await Start(4);
        var (first, second) = await Reporters();
        first.Fail(Key(1), 5);
        for (var i = 0; i < 3; i++)
        {
            await first.Exchange();
            await second.Exchange();
        }

        await follower.Reaches(IsOut(1));
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. Addresses(4)]));

        await follower.Reaches(static table => table.Rows.All(static row => row.TakesNew));
    }

    [Fact]
    public async Task Exchange_LatencyMoved_EveryFrontendIsToldTheMean()
    {
        await using var follower = await Start(2);
        var (first, second) = await Reporters();
        first.Answer(Key(0), good: 30, headTicks: 10_000);
        await first.Exchange();
        second.Answer(Key(0), good: 10, headTicks: 50_000);

        var told = await second.Exchange();
        var unmoved = await second.Exchange();

        var latency = Assert.Single(told.Latencies!);
        Assert.Equal(Key(0).Value, latency.Key);
        Assert.InRange(latency.Ticks, 20_000, 20_500);
        Assert.Null(unmoved.Latencies);
        Assert.Equal(latency, Assert.Single((await first.Exchange()).Latencies!));
    }

    [Fact]
    public async Task Exchange_FrontendThatKnowsOfNoOutcomes_IsAnsweredAsEver()
    {
        await using var follower = await Start(2);
        var reply = await Pool.Exchange(new ExchangeRequest
        {
            FrontendId = "old",
            Incarnation = 1,
            Sequence = 1,
            BaseSequence = 0,
            AckedEpoch = new LoadEpoch(0, ""),
            AckedVersion = 0,
            Tau = TimeSpan.FromMilliseconds(50),
            Arrivals = 1,
            Completions = 1,
            ServiceTime = TimeSpan.Zero,
            Entries = [new LoadCount(Key(0).Value, 3, 0)],
        });
        Assert.Equal([new LoadCount(Key(0).Value, 3, 0)], reply.Totals);
    }

    private IPoolGrain Pool => _cluster.Client.GetGrain<IPoolGrain>("app");

    private async Task<FollowingFrontend> Start(int backends, EligibilityRow? remembered = null)
    {
        var table = remembered is { } row ? new EligibilityTable(1, 40, [row], false) : null;
        var follower = await FollowingFrontend.Start(_cluster.Client, "fe-1", "app", table);
        await _cluster.Client.Apply(TestConfigurations.OnePool([.. Addresses(backends)]).With(
            ("ReverseProxy:Clusters:app:HealthCheck:Passive:Enabled", "true"),
            ("ReverseProxy:Clusters:app:HealthCheck:Passive:Policy", "ClusterOutlier"),
            (Outlier + "MaxEjectionPercent", "10")));
        await follower.Reaches(table => table.Rows.Length == backends);
        return follower;
    }

    /// <summary>Two front-ends that the pool has heard of; what comes later is compared with this.</summary>
    private async Task<(ReportingFrontend First, ReportingFrontend Second)> Reporters()
    {
        var (first, second) = (new ReportingFrontend(Pool, "fe-1"), new ReportingFrontend(Pool, "fe-2"));
        await first.Exchange();
        await second.Exchange();
        return (first, second);
    }

    private async Task<BackendStatus> Status(int backend) => (await _cluster.Client.StatusOf("app", TestContext.Current.CancellationToken)).Backends.Single(status => status.BackendId == $"b{backend}");

    /// <summary>Why a backend changed, once its history has heard of so many changes.</summary>
    private async Task<string[]> Evidence(int backend, int changes)
    {
        var history = _cluster.Client.GetGrain<IBackendHistoryGrain>(BackendGrainKey.Of("app", $"b{backend}"));
        while (true)
        {
            if (await history.List() is { } told && told.Length >= changes)
                return [.. told.Select(static change => change.Evidence)];
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static IEnumerable<string> Addresses(int backends) => Enumerable.Range(1, backends).Select(static i => $"http://127.0.0.1:{i}/");

    private static BackendKey Key(int backend) => BackendKey.Of("app", $"b{backend}", 1);

    private static EligibilityRow Row(EligibilityTable table, int backend) => table.Rows.Single(row => row.BackendKey == Key(backend).Value);

    private static bool IsWhole(EligibilityTable table) => table.Rows.Length > 1;

    private static Func<EligibilityTable, bool> IsOut(int backend) => table => Row(table, backend) is { TakesNew: false, Ejection: not null };
}
