using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.LoadBalancing;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Who comes into question, and with which weight: tiers, zones and slow start, under a policy that draws by weight.</summary>
public sealed class PickPlanTests
{
    private const int Picks = 4000;

    private static readonly TimeSpan Out = TimeSpan.FromSeconds(-1);
    private static readonly BalancingDefinition Plain = BalancingDefinition.Default;

    [Fact]
    public void Pick_FirstTierWhole_LeavesTheSecondAlone()
    {
        var bench = Tiers(Plain);
        Assert.Equal([0, 0], bench.Counts(Picks)[4..]);
    }

    [Fact]
    public void Pick_HalfOfTheFirstTierOut_SpillsOverWhatItCannotCarry()
    {
        var bench = Tiers(Plain);
        bench.Judge(static i => i < 2 ? Out : null);

        // Half of it carries 0.5 x 1.4 = 70 %.
        Assert.InRange(bench.Counts(Picks)[4..].Sum(), 0.26 * Picks, 0.34 * Picks);
    }

    [Fact]
    public void Pick_FirstTierOut_TakesTheSecond()
    {
        var bench = Tiers(Plain);
        bench.Judge(static i => i < 4 ? Out : null);
        Assert.Equal(Picks, bench.Counts(Picks)[4..].Sum());
    }

    [Fact]
    public void Pick_FirstTierBackAMomentAgo_FailsBackAtOnceOrWhenItHasLasted()
    {
        var atOnce = Tiers(Plain);
        atOnce.Judge(static i => i < 4 ? TimeSpan.Zero : null);
        Assert.Equal(0, atOnce.Counts(Picks)[4..].Sum());

        var later = Tiers(Plain with { FailBackAfter = TimeSpan.FromMinutes(1) });
        later.Judge(static i => i < 4 ? TimeSpan.Zero : null);
        Assert.Equal(Picks, later.Counts(Picks)[4..].Sum());
        later.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, later.Counts(Picks)[4..].Sum());
    }

    [Fact]
    public void Pick_NothingCountedOnYet_TakesWhoeverIsThere()
    {
        var bench = Tiers(Plain with { FailBackAfter = TimeSpan.FromMinutes(1) });
        bench.Judge(static i => i < 4 ? TimeSpan.Zero : Out);
        Assert.Equal(Picks, bench.Counts(Picks)[..4].Sum());
    }

    [Fact]
    public void Pick_FirstTierOnlyByPanic_TakesTheSecond()
    {
        var bench = Tiers(Plain);
        bench.Judge(static _ => null, byPanic: static i => i < 4);
        Assert.Equal(Picks, bench.Counts(Picks)[4..].Sum());
    }

    [Fact]
    public void Pick_PartOfTheFirstTierByPanic_IsLeftAloneWhileTheOthersCarryIt()
    {
        var bench = Tiers(Plain);
        bench.Judge(static _ => null, byPanic: static i => i < 3);
        var counts = bench.Counts(Picks);
        Assert.Equal([0, 0, 0], counts[..3]);
        Assert.InRange(counts[3], 0.31 * Picks, 0.39 * Picks);
    }

    [Fact]
    public void Pick_EverybodyByPanic_TakesTheFirstTier()
    {
        var bench = Tiers(Plain);
        bench.Judge(static _ => null, byPanic: static _ => true);
        Assert.Equal(Picks, bench.Counts(Picks)[..4].Sum());
    }

    [Fact]
    public void Pick_TwoRoutesWantDifferentPartsInTurn_EachMeetsAllOfItsOwn()
    {
        var bench = new PolicyBench(static (plans, _) => new RoundRobinPolicy(plans), Plain, 4);
        var (first, second) = (bench.Destinations[..2], bench.Destinations[2..]);
        var picked = new List<string?>();
        for (var i = 0; i < 10; i++)
            picked.AddRange(bench.Pick(first), bench.Pick(second));
        Assert.All(picked.GroupBy(static id => id), static group => Assert.Equal(5, group.Count()));
    }

    [Fact]
    public void Pick_PoolWasJustEmptied_IsNobodysFault()
    {
        var bench = new PolicyBench(Draw, Plain with { ZonePreference = ZonePreference.Prefer }, 2);
        bench.Configure(static pool => pool with { Backends = [] });
        Assert.NotNull(bench.Pick());
    }

    [Fact]
    public void Pick_ZonePreferred_StaysAtHomeWhileHomeCarriesIt()
    {
        var bench = new PolicyBench(
            Draw, Plain with { ZonePreference = ZonePreference.Prefer }, 4, static (i, backend) => backend with { Zone = i < 2 ? "here" : "there" }, zone: "HERE");
        Assert.Equal(0, bench.Counts(Picks)[2..].Sum());
        bench.Judge(static i => i == 0 ? Out : null);
        Assert.InRange(bench.Counts(Picks)[2..].Sum(), 0.26 * Picks, 0.34 * Picks);
        bench.Judge(static i => i < 2 ? Out : null);
        Assert.Equal(Picks, bench.Counts(Picks)[2..].Sum());
    }

    [Fact]
    public void Pick_ZoneNotPreferred_GoesEverywhere()
    {
        var bench = new PolicyBench(Draw, Plain, 2, static (i, backend) => backend with { Zone = i == 0 ? "here" : "there" }, zone: "here");
        Assert.All(bench.Counts(Picks), static count => Assert.InRange(count, 0.45 * Picks, 0.55 * Picks));
    }

    [Theory]
    [InlineData(0, 0.0909)]
    [InlineData(15, 0.3333)]
    [InlineData(30, 0.5)]
    public void Pick_BackendWarmsUp_ItsShareFollowsTheClustersRamp(double seconds, double share)
    {
        var bench = new PolicyBench(Draw, Plain with { SlowStart = new SlowStartDefinition { Window = TimeSpan.FromSeconds(30) } }, 2);
        bench.Judge(i => i == 1 ? TimeSpan.FromSeconds(seconds) : null);
        Assert.InRange(bench.Counts(Picks)[1], (share - 0.04) * Picks, (share + 0.04) * Picks);
    }

    [Fact]
    public void Pick_TimePasses_TheShareGrowsWithoutAnybodySayingSo()
    {
        var bench = new PolicyBench(Draw, Plain with { SlowStart = new SlowStartDefinition { Window = TimeSpan.FromSeconds(30) } }, 2);
        bench.Judge(static i => i == 1 ? TimeSpan.Zero : null);
        var first = bench.Counts(Picks)[1];
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.InRange(bench.Counts(Picks)[1], 4 * first, 0.55 * Picks);
    }

    private static PolicyBench Tiers(BalancingDefinition balancing) =>
        new(Draw, balancing, 6, static (i, backend) => backend with { Priority = i < 4 ? 0 : 3 });

    private static WeightedRandomPolicy Draw(PickPlans plans, TimeProvider clock) => new(plans);
}
