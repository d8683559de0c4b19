using CsCheck;
using OrleansLb.Core.Concurrency;

namespace OrleansLb.Core.Tests.Concurrency;

public sealed class SlotDivisionTests
{
    private static readonly Gen<SlotDemand[]> Demands =
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], Gen.Long[0, 5]).Select(static each => new SlotDemand(each.Item1 % 11 == 0 ? 0 : each.Item1, each.Item2, each.Item3)).Array[1, 20];

    private static readonly Gen<(int Limit, int Holders, double Phase, SlotDemand[] Demands)> Cases =
        Gen.Select(Gen.Int[0, 200], Gen.Int[1, 30], Gen.Double[0, 0.999], Demands);

    [Fact]
    public void Divide_Anything_HandsOutNoMoreThanThereIs() => Cases.Sample(static each =>
    {
        var targets = Divide(each);
        return targets.Sum() <= each.Limit && targets.All(static target => target >= 0);
    });

    [Fact]
    public void Divide_TooFew_HandsOutAllAndToNobodyMoreThanItNeeds() => Cases.Where(static each => each.Demands.Sum(static demand => demand.Need) > each.Limit).Sample(static each =>
    {
        var targets = Divide(each);
        return targets.Sum() == each.Limit && targets.Zip(each.Demands).All(static pair => pair.First <= pair.Second.Need);
    });

    [Fact]
    public void Divide_OneForEach_NobodyWhoNeedsGetsNone() => Cases.Where(static each => each.Demands.Count(static demand => demand.Need > 0) <= each.Limit).Sample(static each =>
        Divide(each).Zip(each.Demands).All(static pair => pair.Second.Need == 0 || pair.First > 0));

    [Fact]
    public void Divide_Enough_EverybodyHasWhatItNeeds() => Cases.Where(static each => each.Demands.Sum(static demand => demand.Need) <= each.Limit).Sample(static each =>
        Divide(each).Zip(each.Demands).All(static pair => pair.First >= pair.Second.Need));

    [Fact]
    public void Divide_FewerThanOneEach_LowestTurnsGoFirst()
    {
        SlotDemand[] demands = [new(5, 0, 3), new(1, 0, 1), new(0, 9, 0), new(9, 0, 2)];

        Assert.Equal([0, 1, 0, 1], Divide((2, 4, 0, demands)));
    }

    [Fact]
    public void Divide_UnevenNeeds_InProportion()
    {
        SlotDemand[] demands = [new(301, 0, 0), new(101, 0, 0)];

        Assert.Equal([31, 11], Divide((42, 2, 0, demands)));
    }

    [Fact]
    public void Divide_PartsNotWhole_EverybodyHasItsPartOnAverage()
    {
        var demands = Enumerable.Repeat(new SlotDemand(100, 0, 0), 5).ToArray();
        var sums = new int[5];
        for (var phase = 0.0; phase < 0.999; phase += 0.1)
        {
            foreach (var (index, target) in Divide((7, 5, phase, demands)).Index())
                sums[index] += target;
        }

        Assert.All(sums, static sum => Assert.InRange(sum, 13, 15));
    }

    [Fact]
    public void Divide_NothingNeeded_HalfIsSpreadOverAllAndHalfStays()
    {
        SlotDemand[] demands = [new(0, 0, 0), new(0, 0, 0)];

        Assert.Equal([20, 20], Divide((200, 5, 0, demands)));
    }

    [Fact]
    public void Divide_UsedAShortWhileAgo_IsKeptBeforeAnythingIsSpread()
    {
        SlotDemand[] demands = [new(2, 6, 0), new(1, 0, 0)];

        Assert.Equal([8, 1], Divide((10, 2, 0, demands)));
    }

    private static int[] Divide((int Limit, int Holders, double Phase, SlotDemand[] Demands) each)
    {
        var targets = new int[each.Demands.Length];
        SlotDivision.Divide(each.Limit, each.Demands, each.Holders, each.Phase, targets);
        return targets;
    }
}
