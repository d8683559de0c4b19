using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Tests.Hashing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class BoundedLoadPickerTests
{
    // One request after the other: a key below 5 is a hot one, and every other step ends a request if there is one.
    private static readonly Gen<(int Key, bool Ends)[]> GenSteps = Gen.Select(Gen.OneOf(Gen.Int[0, 4], Gen.Int[0, 10_000]), Gen.Int[0, 2].Select(static one => one == 0)).Array[1, 300];

    [Fact]
    public void NoBackendIsEverAboveItsCap() =>
        Gen.Select(Gen.Int[0, 6].Array[1, 8].Where(static weights => weights.Sum() > 0), GenSteps, Gen.ULong).Sample(
            (weights, steps, eligible) =>
            {
                var table = MaglevTable.Build(HashedPicks.Pool(weights));
                var places = HashedPicks.Places(weights.Length, i => i == 0 || (eligible >> i & 1) == 1);
                var weighs = CandidateWeights(places, weights);
                var usable = Weights.Usable(weighs);
                var inFlight = new int[weighs.Length];
                foreach (var (key, ends) in steps)
                {
                    if (ends && inFlight.Any(static count => count > 0))
                        inFlight[Array.IndexOf(inFlight, inFlight.Max())]--;
                    var pick = BoundedLoadPicker.Pick(table, HashKey.Of($"{key}"), places, [.. inFlight.Select(static count => count + 1.0)], weighs);
                    inFlight[pick]++;
                    // Weightless ones are counted nowhere: nothing is ever placed on them while another has weight.
                    var cap = Math.Ceiling(1.25 * inFlight.Sum() * usable[pick] / usable.Sum());
                    Assert.InRange(inFlight[pick], 1, cap);
                }
            },
            iter: 60);

    [Fact]
    public void Pick_NobodyIsFull_IsMaglevs()
    {
        var table = MaglevTable.Build(HashedPicks.Pool(1, 2, 3));
        foreach (var key in HashedPicks.Keys(200))
            Assert.Equal(table.Pick(key, [0, 1, 2]), BoundedLoadPicker.Pick(table, key, [0, 1, 2], [11, 21, 31], [1, 2, 3]));
    }

    [Fact]
    public void KeysOfAFullBackendGoElsewhereInAFixedOrderAndReturn() =>
        Gen.Select(Gen.Int[2, 10], HashedPicks.GenKey).Sample(
            static (count, key) =>
            {
                var table = MaglevTable.Build(HashedPicks.EqualPool(count));
                var places = HashedPicks.AllPlaces(count);
                double[] ones = [.. Enumerable.Repeat(1.0, count)];
                double[] loads = [.. Enumerable.Repeat(5.0, count)];
                var first = table.Pick(key, places);
                loads[first] = 1000;
                var second = BoundedLoadPicker.Pick(table, key, places, loads, ones);
                Assert.Equal(table.Pick(key, [.. places.Select(place => place == first ? -1 : place)]), second);
                loads[first] = 5;
                Assert.Equal(first, BoundedLoadPicker.Pick(table, key, places, loads, ones));
            },
            iter: 30);

    [Fact]
    public void Pick_FractionalEstimates_StillFindsRoom()
    {
        // The cap is one. One backend has two requests and the others half a one, as old snapshots say: with another they would be above the cap, but not before.
        var table = MaglevTable.Build(HashedPicks.EqualPool(10));
        var places = HashedPicks.AllPlaces(10);
        foreach (var key in HashedPicks.Keys(50))
        {
            var full = table.Pick(key, places);
            double[] loads = [.. places.Select(place => place == full ? 3 : 1.5)];
            Assert.NotEqual(full, BoundedLoadPicker.Pick(table, key, places, loads, [.. Enumerable.Repeat(1.0, 10)]));
        }
    }

    [Fact]
    public void Pick_NoChoice_TakesWhatThereIs()
    {
        var table = MaglevTable.Build(HashedPicks.EqualPool(2));
        Assert.Equal(-1, BoundedLoadPicker.Pick(MaglevTable.Build([]), new HashKey(1), [], [], []));
        Assert.Equal(-1, BoundedLoadPicker.Pick(table, new HashKey(1), [-1, -1], [], []));
        Assert.Equal(0, BoundedLoadPicker.Pick(table, new HashKey(1), [-1, 0], [900], [1]));
        Assert.InRange(BoundedLoadPicker.Pick(table, new HashKey(1), [0, 1], [double.NaN, double.NaN], [1, 1]), 0, 1);
    }

    [Fact]
    public void Pick_NoWeightAtAll_IsEqualWeights()
    {
        var table = MaglevTable.Build(HashedPicks.EqualPool(2));
        foreach (var key in HashedPicks.Keys(20))
        {
            Assert.Equal(1, BoundedLoadPicker.Pick(table, key, [0, 1], [100, 1], [0, 0]));
            Assert.Equal(0, BoundedLoadPicker.Pick(table, key, [0, 1], [1, 100], [double.NaN, -1]));
        }
    }

    private static double[] CandidateWeights(int[] places, int[] weights)
    {
        var byPlace = new double[places.Count(static place => place >= 0)];
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] >= 0)
                byPlace[places[i]] = weights[i];
        }

        return byPlace;
    }
}
