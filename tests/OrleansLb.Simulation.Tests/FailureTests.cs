using OrleansLb.Core.Snapshots;
using OrleansLb.Simulation.Meters;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Tests;

/// <summary>Backend 0 of twenty fails at 60 service times, for as long as a test says.</summary>
public sealed class FailureTests
{
    private const double At = 60;

    // A hundred service times with 14 requests each make some seventy for a backend.
    private const double ShareTolerance = 0.35;

    public static TheoryData<string> Policies { get; } = [.. PolicyCatalogue.All.Select(static policy => policy.Name)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Run_EverythingFails_SameSeedSameResult(string policy)
    {
        var scenario = Pool(FailureKind.BackendDies, lasts: 60) with
        {
            Failures =
            [
                new Failure(FailureKind.BackendDies, At, 60),
                new Failure(FailureKind.BackendHangs, At + 10, 60, Which: 1),
                new Failure(FailureKind.BackendSlows, At + 20, 60, Which: 2, Factor: 4),
                new Failure(FailureKind.Frontend, At + 30, 60, Which: 1),
                new Failure(FailureKind.Pool, At + 40, 20),
            ],
        };
        var (first, second) = (Run(scenario, policy), Run(scenario, policy));
        Assert.Equal(Figures(first), Figures(second));
        Assert.Equal(first.Picks, second.Picks);
        Assert.NotEqual(first.Picks, Run(scenario, policy, seed: 2).Picks);
        Assert.InRange(first.Failed, 1, long.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Run_BackendIsRuledOut_NothingIsSentThere(string policy)
    {
        var scenario = Pool(FailureKind.BackendDies, lasts: 100);
        var failed = 0L;
        foreach (var seed in (ulong[])[1, 2, 3, 4])
        {
            var all = Run(scenario with { Warmup = At - 5, Duration = 150 }, policy, seed);
            var meanwhile = Run(scenario with { Warmup = At + scenario.Health.Detection + 1, Duration = 70 }, policy, seed);
            Assert.Equal((0, 0, 0), (all.Misdirected, meanwhile.Picks[0], meanwhile.Failed));
            failed += all.Failed;
        }

        Assert.InRange(failed, 1, long.MaxValue);
    }

    [Fact]
    public void Run_NobodyRulesItOut_FailsForAsLongAsItLasts()
    {
        var scenario = Pool(FailureKind.BackendDies, lasts: 100) with { Health = new HealthWatch { Detection = 1000 } };
        Assert.InRange(Run(scenario with { Warmup = At + 50, Duration = 50 }).Failed, 1, long.MaxValue);
        Assert.Equal(0, Run(scenario with { Warmup = At + 100, Duration = 50 }).Failed);
    }

    [Fact]
    public void Run_MostBackendsDie_OthersCarryAllOfIt()
    {
        var scenario = Pool(FailureKind.BackendDies, lasts: 100) with
        {
            Backends = Scenario.Alike(4),
            Load = 0.15,
            Failures = [.. Enumerable.Range(0, 3).Select(static which => new Failure(FailureKind.BackendDies, At, 100, which))],
        };
        var result = Run(scenario with { Warmup = At + scenario.Health.Detection + 1, Duration = 60 });
        Assert.Equal((0, 0), (result.Failed, result.Misdirected));
        Assert.Equal(result.Picks.Sum(), result.Picks[3]);
    }

    [Fact]
    public void Run_EveryBackendDies_AllFailUntilTheyAreBack()
    {
        var scenario = Pool(FailureKind.BackendDies, lasts: 50) with
        {
            Failures = [.. Enumerable.Range(0, 20).Select(static which => new Failure(FailureKind.BackendDies, At, 50, which))],
        };
        Assert.Equal(0, Run(scenario with { Warmup = At, Duration = 50 }).Times.Count);
        Assert.Equal(0, Run(scenario with { Warmup = At + 51, Duration = 50 }).Failed);
    }

    [Theory]
    [InlineData("bounded-load hash")]
    [InlineData("cluster power of two")]
    [InlineData("cluster least requests")]
    [InlineData("least response time")]
    [InlineData("hot and cold")]
    public void Run_FailsAtOnce_IsNotTakenForIdle(string policy)
    {
        // Nobody waits, so that a backend that had nothing in flight would be the first choice of everybody.
        var scenario = Pool(FailureKind.BackendDies, lasts: 100) with { Backends = Scenario.Alike(20, servers: 0), Load = 4 };
        var result = Run(scenario with { Warmup = At, Duration = scenario.Health.Detection }, policy);
        Assert.InRange(Share(result), 0, 4);
    }

    [Fact]
    public void Run_BackendHangs_CountsStayUpAndKeepRequestsAway()
    {
        var scenario = Pool(FailureKind.BackendHangs, lasts: 100) with { Health = new HealthWatch { Patience = 30 } };
        var hanging = scenario with { Warmup = At + 5, Duration = 15 };
        Assert.InRange(Share(Run(hanging)), 0, 0.5);
        Assert.InRange(Share(Run(hanging, "weighted round robin")), 1 - ShareTolerance, 1 + ShareTolerance);
    }

    [Fact]
    public void Run_BackendHangs_FrontendsLosePatience()
    {
        // Nobody rules it out and it never comes back, so that only patience ends what is there.
        var scenario = Pool(FailureKind.BackendHangs, lasts: 10_000) with { Health = new HealthWatch { Patience = 30, Detection = 100_000 } };
        var result = Run(scenario with { Warmup = At, Duration = 100 }, "weighted round robin");
        Assert.Equal(result.Picks[0], result.Failed);
        Assert.Equal(result.Picks.Sum(), result.Failed + result.Times.Count);
    }

    [Fact]
    public void Run_BackendSlows_GetsLessForAsLongAsItLasts()
    {
        var scenario = Pool(FailureKind.BackendSlows, lasts: 200) with { Failures = [new Failure(FailureKind.BackendSlows, At, 200, Factor: 5)] };
        var (slow, quick) = (Run(scenario with { Warmup = At + 10, Duration = 180 }), Run(scenario with { Warmup = At + 220, Duration = 100 }));
        Assert.InRange(Share(slow), 0.05, 0.6);
        Assert.InRange(Share(quick), 1 - ShareTolerance, 1 + ShareTolerance);
        Assert.Equal(0, slow.Failed + quick.Failed);
    }

    [Theory]
    [InlineData("local least requests", 20)]
    [InlineData("local power of two", 20)]
    [InlineData("weighted random", 20)]
    [InlineData("weighted round robin", 20)]
    [InlineData("bounded-load hash", 20)]
    [InlineData("cluster power of two", 20)]
    [InlineData("cluster least requests", 20)]
    // What these go by is forgotten within ten seconds.
    [InlineData("least response time", 1000)]
    [InlineData("hot and cold", 1000)]
    public void Run_BackendIsBack_HasItsShareWithinABound(string policy, double within)
    {
        var scenario = Pool(FailureKind.BackendDies, lasts: 100);
        var back = At + 100 + scenario.Health.Recovery;
        var shares = Enumerable.Range(1, 4).Select(seed => Share(Run(scenario with { Warmup = back + within, Duration = 100 }, policy, (ulong)seed)));
        Assert.InRange(shares.Average(), 1 - ShareTolerance, 1 + ShareTolerance);
    }

    [Theory]
    [InlineData("bounded-load hash")]
    [InlineData("cluster power of two")]
    [InlineData("cluster least requests")]
    [InlineData("least response time")]
    [InlineData("hot and cold")]
    public void Run_BackendIsBack_NobodyRunsToIt(string policy)
    {
        var scenario = Pool(FailureKind.BackendDies, lasts: 100) with { Frontends = 20, Load = 0.95, Staleness = Staleness.Every(5) };
        var back = scenario with { Warmup = At + 100 + scenario.Health.Recovery, Duration = 25 };
        Assert.All(Enumerable.Range(1, 4), seed => Assert.InRange(Run(back, policy, (ulong)seed).Peaks[0], 0, 5));
    }

    [Fact]
    public void Run_SlowStart_BackendIsGivenItsShareBitByBit()
    {
        var scenario = Pool(FailureKind.BackendDies, lasts: 100) with
        {
            Health = new HealthWatch { SlowStart = new SlowStartDefinition { Window = TimeSpan.FromSeconds(4) } },
        };
        var back = At + 100 + scenario.Health.Recovery;
        double ShareFrom(double since) => Share(Run(scenario with { Warmup = back + since, Duration = 50 }, "weighted random"));
        Assert.InRange(ShareFrom(0), 0, 0.4);
        Assert.InRange(ShareFrom(75), 0.25, 0.8);
        Assert.InRange(ShareFrom(200), 1 - ShareTolerance, 1 + ShareTolerance);
    }

    private static RunResult Run(Scenario scenario, string policy = "cluster least requests", ulong seed = 1) =>
        ClusterSimulation.Run(scenario, PolicyCatalogue.All.Single(choice => choice.Name == policy), seed);

    // Of what each backend gets on average.
    private static double Share(RunResult result) => (double)result.Picks[0] * result.Picks.Length / result.Picks.Sum();

    private static (long Count, double Mean, long Failed, long Lost, double Spread, double Exchanges) Figures(RunResult result) =>
        (result.Times.Count, result.Times.Mean, result.Failed, result.Lost, result.Spread, result.ExchangesPerRequest);

    private static Scenario Pool(FailureKind kind, double lasts) => new()
    {
        Frontends = 5,
        Backends = Scenario.Alike(20),
        Load = 0.7,
        Warmup = 50,
        Duration = 200,
        Failures = [new Failure(kind, At, lasts)],
    };
}
