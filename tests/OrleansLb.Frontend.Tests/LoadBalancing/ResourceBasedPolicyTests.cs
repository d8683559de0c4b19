using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Orca;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.LoadBalancing;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Shares by what backends report, and when they are believed.</summary>
public sealed class ResourceBasedPolicyTests
{
    private const int Picks = 4000;

    private static readonly BalancingDefinition Plain = new() { Policy = LoadBalancingPolicyNames.ResourceBased };

    [Fact]
    public void Pick_NoReports_GoesByWeight() => AssertShares(Bench(Plain), 0.5, 0.25, 0.25);

    [Fact]
    public void Pick_ReportsBelieved_GoesByCapacityInsteadOfWeight()
    {
        var bench = Bench(Plain);
        Report(bench, 100, 100, 300);
        AssertShares(bench, 0.5, 0.25, 0.25);
        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        AssertShares(bench, 0.2, 0.2, 0.6);
    }

    [Fact]
    public void Pick_OneDoesNotReport_GetsTheMean()
    {
        var bench = Bench(Plain with { LoadReports = ResourceLoadRules.Default with { Blackout = TimeSpan.Zero } });
        Report(bench, 0, 100, 300);
        AssertShares(bench, 1 / 3.0, 1 / 6.0, 0.5);
    }

    [Fact]
    public void Pick_OneReportsAlone_SaysNothingOfTheOthers()
    {
        var bench = Bench(Plain with { LoadReports = ResourceLoadRules.Default with { Blackout = TimeSpan.Zero } });
        Report(bench, 0, 0, 300);
        AssertShares(bench, 0.5, 0.25, 0.25);
    }

    [Fact]
    public void Pick_ReportsGrowOld_GoesByWeightAgain()
    {
        var bench = Bench(Plain with { LoadReports = new ResourceLoadRules(1, TimeSpan.Zero, TimeSpan.FromSeconds(30)) });
        Report(bench, 100, 100, 300);
        bench.Clock.Advance(TimeSpan.FromSeconds(29));
        AssertShares(bench, 0.2, 0.2, 0.6);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        AssertShares(bench, 0.5, 0.25, 0.25);
    }

    [Fact]
    public void Pick_AnotherReport_CountsWithinASecond()
    {
        var bench = Bench(Plain with { LoadReports = ResourceLoadRules.Default with { Blackout = TimeSpan.Zero } });
        Report(bench, 100, 100, 300);
        bench.Pick();
        Report(bench, 100, 100, 100);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        AssertShares(bench, 1 / 3.0, 1 / 3.0, 1 / 3.0);
    }

    [Fact]
    public void Pick_BackendWarmsUp_ItsReportedShareFollowsTheRamp()
    {
        var bench = Bench(Plain with
        {
            LoadReports = ResourceLoadRules.Default with { Blackout = TimeSpan.Zero },
            SlowStart = new SlowStartDefinition { Window = TimeSpan.FromSeconds(30) },
        });
        bench.Judge(static i => i == 2 ? TimeSpan.FromSeconds(15) : null);
        Report(bench, 100, 100, 400);
        AssertShares(bench, 0.25, 0.25, 0.5);
    }

    [Fact]
    public void Pick_AnAgentNamesAPercentage_TakesItOfWhatIsReported()
    {
        var bench = Bench(Plain with { LoadReports = ResourceLoadRules.Default with { Blackout = TimeSpan.Zero } });
        bench.Judge(static _ => null, static i => i == 2 ? 50 : null);
        Report(bench, 100, 100, 400);
        AssertShares(bench, 0.25, 0.25, 0.5);
    }

    // Each uses a half of itself for half as many requests as it could serve.
    private static void Report(PolicyBench bench, params double[] capacities)
    {
        foreach (var (slot, capacity) in bench.Pool.Slots.Zip(capacities))
            slot.Reported(new OrcaReport(0.5, 0, capacity / 2, 0), bench.Clock.GetElapsedTime(0), bench.Pool.Definition.Balancing.LoadReports);
    }

    private static void AssertShares(PolicyBench bench, params double[] shares) =>
        Assert.All(bench.Counts(Picks).Zip(shares), static share => Assert.InRange(share.First, (share.Second - 0.04) * Picks, (share.Second + 0.04) * Picks));

    private static PolicyBench Bench(BalancingDefinition balancing) =>
        new(static (plans, clock) => new ResourceBasedPolicy(plans, clock), balancing, 3, static (i, backend) => backend with { Weight = i == 0 ? 2 : 1 });
}
