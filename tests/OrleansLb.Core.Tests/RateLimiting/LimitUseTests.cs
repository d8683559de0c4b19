using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Core.Tests.RateLimiting.Simulation;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>How much of a limit is used by the shipped machines when there is demand for it; what is not is at most what is out in leases.</summary>
public sealed class LimitUseTests
{
    private static readonly TimeSpan Run = TimeSpan.FromSeconds(30);

    // Messages take up to 1 ms, what becomes free is asked for by whoever comes next, and a counter of 20 loses to whole permits what its fractions are worth.
    private const double UseTolerance = 0.03;

    public static TheoryData<RateLimitAlgorithm, RateLimitMode, int> Cases
    {
        get
        {
            var cases = new TheoryData<RateLimitAlgorithm, RateLimitMode, int>();
            foreach (var algorithm in Enum.GetValues<RateLimitAlgorithm>())
            {
                foreach (var mode in Enum.GetValues<RateLimitMode>())
                {
                    cases.Add(algorithm, mode, 20);
                    cases.Add(algorithm, mode, 100);
                    cases.Add(algorithm, mode, 1000);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TenfoldDemandSplitUnevenly_AllButTheLeasesIsAdmitted(RateLimitAlgorithm algorithm, RateLimitMode mode, int limit)
    {
        var rule = Rule(algorithm, mode, limit);
        var history = LimitSimulation.Run(Plan(rule, 10.0 * limit));
        var allowed = Allowed(rule, limit);

        TestContext.Current.SendDiagnosticMessage(
            $"{algorithm} {mode}, {limit} a second: {history.Total} of {allowed} admitted ({history.Total / allowed:P1}), {history.Leased} by leases of at most {rule.LeaseCap}");
        Assert.True(history.Total >= ((1 - UseTolerance) * allowed) - rule.LeaseCap, $"{history.Total} of {allowed} were admitted.");
        Assert.True(history.Total <= (allowed * 1.002) + limit, $"{history.Total} of {allowed} were admitted.");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FrontendsKilled_EachCostsItsLeasesAtMost(RateLimitAlgorithm algorithm, RateLimitMode mode, int limit)
    {
        const int kills = 3;
        var rule = Rule(algorithm, mode, limit);
        var history = LimitSimulation.Run(Plan(rule, 50.0 * limit) with { FrontendKills = kills });
        var allowed = Allowed(rule, limit);

        TestContext.Current.SendDiagnosticMessage($"{algorithm} {mode}, {limit} a second, {kills} killed: {history.Total / allowed:P1} admitted");
        Assert.True(history.Total >= ((1 - UseTolerance) * allowed) - ((1 + kills) * Math.Max(1, rule.LeaseCap)), $"{history.Total} of {allowed} were admitted.");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void DemandBelowTheLimit_IsServed(RateLimitAlgorithm algorithm, RateLimitMode mode, int limit)
    {
        var rule = Rule(algorithm, mode, limit);
        var plan = Plan(rule, 0.6 * limit);
        var history = LimitSimulation.Run(plan);
        var demand = plan.Demand.Sum() * Run.TotalSeconds;

        TestContext.Current.SendDiagnosticMessage($"{algorithm} {mode}, {limit} a second, demand 60 %: {history.Total / demand:P1} admitted, {history.Leased} by leases");
        Assert.True(history.Total >= 0.9 * demand, $"{history.Total} of {demand} were admitted.");
    }

    private static SimulationPlan Plan(LimitRule rule, double demand) => new()
    {
        Seed = 1,
        Rule = rule,
        Duration = Run,
        Demand = [0.8 * demand, 0.15 * demand, 0.05 * demand],
        PausesPerSecond = 0,
    };

    private static double Allowed(LimitRule rule, int limit) => rule.Burst + (limit * Run.TotalSeconds);

    private static LimitRule Rule(RateLimitAlgorithm algorithm, RateLimitMode mode, int limit) => algorithm switch
    {
        RateLimitAlgorithm.TokenBucket => Bucket(limit, limit, mode),
        RateLimitAlgorithm.LeakyBucket => Queue(limit, limit / 2, mode),
        _ => Window(limit, TimeSpan.FromSeconds(1), algorithm, mode),
    };
}
