using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class LeastRequestsPickerTests
{
    private static readonly double[] Even = [1, 1, 1, 1];

    [Fact]
    public void Pick_NoBackends_ReturnsNone()
    {
        var random = new PickRandom(1);
        Assert.Equal(-1, LeastRequestsPicker.Pick([], [], 3, ref random));
    }

    [Fact]
    public void Pick_OneBackend_ReturnsItWithoutDrawing()
    {
        var random = new PickRandom(1);
        var untouched = random;
        Assert.Equal(0, LeastRequestsPicker.Pick([7], [1], 3, ref random));
        Assert.Equal(untouched.NextDouble(), random.NextDouble());
    }

    [Fact]
    public void Pick_NothingUnseen_TakesLeastPerWeight() =>
        Assert.Equal([0, 0, 1000], Shares([3, 5, 6], [1, 2, 3], 0));

    [Fact]
    public void Pick_Ties_AreSharedEvenly() =>
        Assert.All(Shares([2, 2, 2, 2], Even, 0), static count => Assert.InRange(count, 200, 300));

    [Fact]
    public void Pick_FewUnseen_LeavesTheBusyOnesOut()
    {
        var shares = Shares([1, 2, 9, 9], Even, 3);
        Assert.InRange(shares[0], 610, 720);
        Assert.Equal([0, 0], shares[2..]);
    }

    [Fact]
    public void Pick_VeryManyUnseen_SharesByWeight()
    {
        var shares = Shares([1, 5, 3], [1, 1, 2], 1e6);
        Assert.InRange(shares[0], 200, 300);
        Assert.InRange(shares[1], 200, 300);
        Assert.InRange(shares[2], 450, 550);
    }

    [Fact]
    public void PickNeverTakesABackendAboveTheLevelThatTheUnseenReach() =>
        Gen.Select(Gen.Double[1, 50].Array[2, 20], Gen.Double[0.1, 10].Array[20], Gen.Double[0, 30], Gen.ULong)
            .Sample((loads, weights, unseen, seed) =>
            {
                var random = new PickRandom(seed);
                var pick = LeastRequestsPicker.Pick(loads, weights, unseen, ref random);
                var level = loads[pick] / weights[pick];
                var toLevel = loads.Select((load, i) => Math.Max(0, (level * weights[i]) - load)).Sum();
                return toLevel <= unseen + 1e-6;
            });

    private static int[] Shares(double[] loads, double[] weights, double unseen)
    {
        var random = new PickRandom(42);
        var counts = new int[loads.Length];
        for (var i = 0; i < 1000; i++)
            counts[LeastRequestsPicker.Pick(loads, weights, unseen, ref random)]++;
        return counts;
    }
}
