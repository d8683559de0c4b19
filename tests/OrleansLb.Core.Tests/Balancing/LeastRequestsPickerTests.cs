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
        Assert.Equal(-1, LeastRequestsPicker.Pick([], [], [], 3, ref random));
    }

    [Fact]
    public void Pick_OneBackend_ReturnsItWithoutDrawing()
    {
        var random = new PickRandom(1);
        var untouched = random;
        Assert.Equal(0, LeastRequestsPicker.Pick([7], [7], [1], 3, ref random));
        Assert.Equal(untouched.NextDouble(), random.NextDouble());
    }

    [Fact]
    public void Pick_NothingUnseen_TakesLeastPerWeight() =>
        Assert.Equal([0, 0, 1000], Shares([3, 5, 6], [1, 2, 3], 0));

    [Fact]
    public void Pick_NothingUnseen_CountsHalfTheRequestToPlace()
    {
        // 0 of 1 against 1 of 3: with all of the request the second would be taken, with nothing of it the first.
        Assert.InRange(Shares([1, 2], [1, 3], 0)[0], 450, 550);
        Assert.Equal([0, 1000], Shares([1, 2], [1, 3.1], 0));
        Assert.Equal([1000, 0], Shares([1, 2], [1, 2.9], 0));
    }

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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pick_VeryManyUnseen_SharesByAnyWeights(ulong seed)
    {
        var (weights, random, counts) = (Weights.Whole(seed, 12, 50), new PickRandom(seed), new int[12]);
        var ones = Enumerable.Repeat(1.0, 12).ToArray();
        for (var i = 0; i < 60_000; i++)
            counts[LeastRequestsPicker.Pick(ones, ones, weights, 1e9, ref random)]++;
        ChiSquare.AssertFits(counts, weights);
    }

    [Fact]
    public void Pick_OwnRequestEndedUnknownToOthers_TakesThatBackend() =>
        Assert.Equal([0, 0, 1000, 0], Shares([2, 2, 1, 2], [2, 2, 2, 2], Even, 8));

    [Fact]
    public void Pick_OwnRequestSentUnknownToOthers_LeavesThatBackendOut() =>
        Assert.Equal(0, Shares([2, 3, 2, 2], [2, 2, 2, 2], Even, 8)[1]);

    [Fact]
    public void Pick_OthersUnknownAltogether_IsLocalLeastRequests() =>
        Assert.Equal([0, 1000, 0], Shares([3, 1, 2], [1, 1, 1], [1, 1, 1], 50));

    [Fact]
    public void PickNeverTakesABackendAboveTheLevelThatTheUnseenReach() =>
        Gen.Select(Gen.Double[1, 50].Array[2, 20], Gen.Double[0.1, 10].Array[20], Gen.Double[0.01, 30], Gen.ULong)
            .Sample((loads, weights, unseen, seed) =>
            {
                var random = new PickRandom(seed);
                var pick = LeastRequestsPicker.Pick(loads, loads, weights, unseen, ref random);
                var level = (loads[pick] - 0.5) / weights[pick];
                var toLevel = loads.Select((load, i) => Math.Max(0, (level * weights[i]) - load + 0.5)).Sum();
                return toLevel <= unseen + 1e-6;
            });

    [Fact]
    public void PickIsOneOfTheBackendsWhateverItIsTold() =>
        Gen.Select(Gen.Double[0, 1e9].Array[1, 20], Gen.Double[0, 1e9].Array[20], Gen.Double[1e-6, 1e6].Array[20], Gen.Double[0, 1e12], Gen.ULong)
            .Sample((loads, known, weights, unseen, seed) =>
            {
                var random = new PickRandom(seed);
                return LeastRequestsPicker.Pick(loads, known, weights, unseen, ref random) is var pick && pick >= 0 && pick < loads.Length;
            });

    private static int[] Shares(double[] loads, double[] weights, double unseen) => Shares(loads, loads, weights, unseen);

    private static int[] Shares(double[] loads, double[] known, double[] weights, double unseen)
    {
        var random = new PickRandom(42);
        var counts = new int[loads.Length];
        for (var i = 0; i < 1000; i++)
            counts[LeastRequestsPicker.Pick(loads, known, weights, unseen, ref random)]++;
        return counts;
    }
}
