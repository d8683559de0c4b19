using CsCheck;
using OrleansLb.Chaos.Plans;

namespace OrleansLb.Simulation.Tests.Chaos;

/// <summary>What is true of every plan of faults.</summary>
public sealed class FaultPlanTests
{
    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    private static readonly Gen<(int Seed, TimeSpan Length, FaultKind[] Kinds)> Orders = Gen.Select(
        Gen.Int[0, int.MaxValue], Gen.Int[20, 1200].Select(static seconds => TimeSpan.FromSeconds(seconds)), Gen.Int[0, Kinds.Length - 1].Select(static number => Kinds[number]).Array[1, 11].Select(static kinds => kinds.Distinct().ToArray()));

    [Fact]
    public void Make_SameSeed_IsTheSame() => Orders.Sample(static order => Assert.Equal(Make(order), Make(order)));

    [Fact]
    public void Make_OtherSeeds_AreOthers() =>
        Assert.Equal(50, Enumerable.Range(0, 50).Select(static seed => string.Join(' ', FaultPlan.Make(seed, TimeSpan.FromMinutes(3), Kinds))).Distinct().Count());

    [Fact]
    public void Make_Any_HasAFault_IsInOrder_AndEndsBeforeTheRun() => Orders.Sample(static order =>
    {
        var plan = Make(order);
        Assert.NotEmpty(plan);
        Assert.Equal(FaultPlan.Calm, plan[0].At);
        Assert.Equal(plan.Select(static fault => fault.At).Order(), plan.Select(static fault => fault.At));
        Assert.All(plan, fault => Assert.True(fault.Ends + FaultPlan.ShortestPause <= order.Length, $"{fault} ends too late."));
        Assert.All(plan, fault => Assert.Contains(fault.Trait.Kind, order.Kinds));
        Assert.All(plan, static fault => Assert.InRange(fault.Length, fault.Trait.Shortest, fault.Trait.Longest));
    });

    [Fact]
    public void Make_Any_OnlyTwoThatMayBeThereAtOnceAre() => Orders.Sample(static order =>
    {
        var plan = Make(order);
        for (var i = 1; i < plan.Count; i++)
        {
            var (before, fault) = (plan[i - 1], plan[i]);
            if (fault.Overlaps)
                Assert.True(fault.At <= before.Ends && !before.Overlaps && before.Trait.MayOverlap(fault.Trait), $"{fault} during {before}");
            else
                Assert.All(plan.Take(i), earlier => Assert.True(fault.At >= earlier.Ends + FaultPlan.ShortestPause, $"{fault} too soon after {earlier}"));
        }
    });

    [Fact]
    public void Make_Any_EveryKindComesBeforeOneComesAgain() => Orders.Sample(static order =>
    {
        var alone = Make(order).Where(static fault => !fault.Overlaps).Select(static fault => fault.Trait.Kind).ToList();
        Assert.All(alone.Chunk(order.Kinds.Length), static round => Assert.Equal(round.Length, round.Distinct().Count()));
    });

    [Fact]
    public void Make_LongRun_HasFaultsThatOverlap() => Assert.Contains(FaultPlan.Make(1, TimeSpan.FromMinutes(10), Kinds), static fault => fault.Overlaps);

    [Fact]
    public void Make_TooShortOrNoKinds_IsRefused()
    {
        Assert.Throws<ArgumentException>(static () => FaultPlan.Make(1, FaultPlan.ShortestRun - TimeSpan.FromSeconds(1), Kinds));
        Assert.Throws<ArgumentException>(static () => FaultPlan.Make(1, FaultPlan.ShortestRun, []));
    }

    [Fact]
    public void Traits_EveryKind_HasOneAndANameOfItsOwn()
    {
        Assert.Equal(Kinds.Order(), FaultTrait.All.Select(static trait => trait.Kind).Order());
        Assert.All(FaultTrait.All, static trait => Assert.Same(trait, FaultTrait.Find(trait.Name)));
        Assert.Null(FaultTrait.Find("kill-everything"));
    }

    private static IReadOnlyList<PlannedFault> Make((int Seed, TimeSpan Length, FaultKind[] Kinds) order) => FaultPlan.Make(order.Seed, order.Length, order.Kinds);
}
