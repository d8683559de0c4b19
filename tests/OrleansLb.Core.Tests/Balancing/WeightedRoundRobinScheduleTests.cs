using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class WeightedRoundRobinScheduleTests
{
    [Theory]
    [InlineData("aabacaa", new double[] { 5, 1, 1 })]
    [InlineData("abc", new double[] { 7, 7, 7 })]
    [InlineData("abca", new double[] { 0.5, 0.25, 0.25 })]
    [InlineData("aba", new double[] { 2, 1, 0 })]
    [InlineData("ab", new double[] { 0, 0 })]
    [InlineData("b", new double[] { double.NaN, 1, -1 })]
    [InlineData("a", new double[] { 3 })]
    public void Order_OfSomeWeights_IsSmooth(string order, double[] weights) =>
        Assert.Equal(order, string.Concat(WeightedRoundRobinSchedule.Build(weights).Order.ToArray().Select(static i => (char)('a' + i))));

    [Fact]
    public void OrderIsThatOfNginx() =>
        Gen.Int[1, 30].Array[1, 20].Sample(static weights =>
        {
            var divisor = weights.Aggregate(static (a, b) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
            return WeightedRoundRobinSchedule.Build([.. weights.Select(static weight => (double)weight)]).Order
                .SequenceEqual(Nginx([.. weights.Select(weight => weight / divisor)]));
        });

    [Fact]
    public void WholeWeightsHaveExactlyTheirTurnsWhateverTheUnit() =>
        Gen.Select(Gen.Int[0, 20].Array[1, 20], Gen.Double[0.001, 1000]).Where(static (weights, _) => weights.Sum() > 0).Sample(static (weights, unit) =>
        {
            var schedule = WeightedRoundRobinSchedule.Build([.. weights.Select(weight => weight * unit)]);
            var turns = Turns(schedule, weights.Length);
            return Enumerable.Range(0, weights.Length).All(i => (long)turns[i] * weights.Sum() == (long)weights[i] * schedule.Length);
        });

    [Fact]
    public void OtherWeightsAreLessThanOneTurnOff() =>
        Gen.Double[0.01, 100].Array[2, 60].Sample(static weights =>
        {
            var schedule = WeightedRoundRobinSchedule.Build(weights);
            var turns = Turns(schedule, weights.Length);
            Assert.InRange(schedule.Length, 2, WeightedRoundRobinSchedule.LongestExact);
            // The lightest may be lifted to one turn each, which lengthens the round by at most one each.
            Assert.All(weights.Zip(turns), pair => Assert.InRange(pair.Second - (schedule.Length * pair.First / weights.Sum()), -1.1, 1.1));
            Assert.DoesNotContain(0, turns);
        });

    [Theory]
    [InlineData(3000, 1000)]
    [InlineData(5000, 1)]
    [InlineData(5000, 1000)]
    public void Order_OfLargePools_SpreadsTheTurnsOfEach(int count, int most)
    {
        var weights = Weights.Whole(7, count, most);
        var schedule = WeightedRoundRobinSchedule.Build(weights);
        var turns = Turns(schedule, count);
        Assert.InRange(schedule.Length, count, 2 * WeightedRoundRobinSchedule.LongestExact);
        Assert.DoesNotContain(0, turns);
        var seen = new int[count];
        for (var turn = 0; turn < schedule.Length; turn++)
        {
            var backend = schedule.Order[turn];
            seen[backend]++;
            // Never further than about one turn of its own from an even spread.
            Assert.InRange(seen[backend] - 0.5 - (turns[backend] * (turn + 0.5) / schedule.Length), -1.01, 1.01);
        }
    }

    [Fact]
    public void Pick_AnyTurn_IsInTheRound()
    {
        var schedule = WeightedRoundRobinSchedule.Build([5, 1, 1]);
        Assert.Equal("aabacaaaabacaa", string.Concat(Enumerable.Range(0, 14).Select(turn => (char)('a' + schedule.Pick((ulong)turn)))));
        Assert.InRange(schedule.Pick(ulong.MaxValue), 0, 2);
        Assert.Equal(-1, WeightedRoundRobinSchedule.Build([]).Pick(3));
    }

    private static int[] Turns(WeightedRoundRobinSchedule schedule, int count)
    {
        var turns = new int[count];
        foreach (var backend in schedule.Order)
            turns[backend]++;
        return turns;
    }

    private static int[] Nginx(int[] weights)
    {
        var current = new int[weights.Length];
        return [.. Enumerable.Range(0, weights.Sum()).Select(_ =>
        {
            for (var i = 0; i < weights.Length; i++)
                current[i] += weights[i];
            var best = Array.IndexOf(current, current.Max());
            current[best] -= weights.Sum();
            return best;
        })];
    }
}
