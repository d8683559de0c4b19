using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Tests.Hashing;

namespace OrleansLb.Core.Tests.Balancing;

/// <summary>What holds for every picker whatever it is given.</summary>
public sealed class PickerLaws
{
    [Fact]
    public void AnyInputGivesACandidateWithWeightOrNoneIfThereIsNone() =>
        Gen.Select(Weights.GenAnything.Array[0, 12], Weights.GenAnything.Array[12], Weights.GenAnything.Array[12], Weights.GenAnything, Weights.GenAnything, Gen.ULong)
            .Sample(static (weights, anyLoads, anyTimes, unseen, hotAbove, seed) =>
            {
                var count = weights.Length;
                var (loads, times, random) = (anyLoads[..count], anyTimes[..count], new PickRandom(seed));
                var table = AliasTable.Build(weights);
                var speeds = new double[count];
                LeastResponseTimePicker.Weigh(weights, times, speeds);
                var usable = Weights.Usable(weights);
                int[] picks =
                [
                    table.Pick(ref random),
                    WeightedRoundRobinSchedule.Build(weights).Pick(seed),
                    PowerOfTwoChoicesPicker.Pick(loads, table, ref random),
                    HotColdPicker.Pick(loads, times, hotAbove, unseen, table, ref random),
                    HotColdPicker.Pick(loads, times, HotColdPicker.HotAbove(loads, table, new double[count]), 0, table, ref random),
                ];
                Assert.All(picks, pick => Assert.True(count == 0 ? pick == -1 : usable[pick] > 0));
                // The filling rule is given estimates, which are numbers from 1 on.
                double[] estimates = [.. loads.Select(static load => double.IsFinite(load) ? 1 + (Math.Abs(load) % 1e6) : 1)];
                var fastest = LeastResponseTimePicker.Pick(estimates, estimates, speeds, double.IsFinite(unseen) ? Math.Abs(unseen) % 1e6 : 0, ref random);
                Assert.True(count == 0 ? fastest == -1 : usable[fastest] > 0);
                Assert.Equal(count == 0 ? -1 : 0, Math.Min(0, RandomPicker.Pick(count, ref random)));
                Assert.Equal(count == 0 ? -1 : 0, Math.Min(0, RoundRobinPicker.Pick(count, seed)));
            });

    [Fact]
    public void BoundedLoadGivesAnEligibleBackendForAnyInput() =>
        Gen.Select(Weights.GenAnything.Array[12], Weights.GenAnything.Array[12], Gen.Int[-1, 4].Array[0, 12], Gen.ULong, HashedPicks.GenKey).Sample(
            static (weights, loads, configured, eligible, key) =>
            {
                var places = HashedPicks.Places(configured.Length, i => (eligible >> i & 1) == 1);
                var candidates = places.Count(static place => place >= 0);
                var pick = BoundedLoadPicker.Pick(MaglevTable.Build(HashedPicks.Pool(configured)), key, places, loads.AsSpan(0, candidates), weights.AsSpan(0, candidates));
                Assert.InRange(pick, candidates == 0 ? -1 : 0, candidates - 1);
            },
            iter: 60);

    [Fact]
    public void FiveThousandBackendsAreServed()
    {
        var weights = Weights.Whole(3, 5000, 1000);
        var loads = Weights.Whole(4, 5000, 50);
        var random = new PickRandom(5);
        var table = AliasTable.Build(weights);
        var speeds = new double[5000];
        LeastResponseTimePicker.Weigh(weights, loads, speeds);
        var places = HashedPicks.AllPlaces(5000);
        var maglev = MaglevTable.Build(HashedPicks.Pool([.. weights.Select(static weight => (int)weight)]));
        int[] picks =
        [
            table.Pick(ref random),
            WeightedRoundRobinSchedule.Build(weights).Pick(99),
            PowerOfTwoChoicesPicker.Pick(loads, table, ref random),
            HotColdPicker.Pick(loads, loads, HotColdPicker.HotAbove(loads, table, new double[5000]), 10, table, ref random),
            LeastResponseTimePicker.Pick(loads, loads, speeds, 10, ref random),
            BoundedLoadPicker.Pick(maglev, new HashKey(5), places, loads, weights),
        ];
        Assert.All(picks, static pick => Assert.InRange(pick, 0, 4999));
    }
}
