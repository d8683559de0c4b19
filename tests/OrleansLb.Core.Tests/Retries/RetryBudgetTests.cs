using CsCheck;
using OrleansLb.Core.Retries;

namespace OrleansLb.Core.Tests.Retries;

public sealed class RetryBudgetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>What happens after some time: requests, or front-ends that want to repeat.</summary>
    private static readonly Gen<(int Milliseconds, int Frontend, int Requests, int Wanted)[]> Traffic =
        Gen.Select(Gen.Int[0, 900], Gen.Int[0, 3], Gen.Int[0, 60], Gen.Int[0, 60]).Array[1, 300];

    [Fact]
    public void TryTake_WhateverHappens_TheFleetTakesNoMoreThanItsPartOfTheRequestsAndTheRate() =>
        Gen.Select(Traffic, Gen.Int[0, 100], Gen.Int[0, 50], Gen.Int[1, 4]).Sample((traffic, percent, perSecond, frontends) =>
        {
            var fleet = Enumerable.Range(0, frontends).Select(static _ => new RetryBudget()).ToArray();
            var requests = new long[frontends];
            var (now, taken) = (TimeSpan.Zero, 0L);
            var share = (double)perSecond / frontends;
            foreach (var step in traffic)
            {
                now += TimeSpan.FromMilliseconds(step.Milliseconds);
                var one = step.Frontend % frontends;
                requests[one] += step.Requests;
                fleet[one].Observe(requests[one], now);
                for (var i = 0; i < step.Wanted; i++)
                    taken += fleet[one].TryTake(percent, share, now) ? 1 : 0;
                // What each had at its beginning, and no more than a second of its share.
                var bound = (requests.Sum() * percent / 100.0) + (perSecond * now.TotalSeconds) + (frontends * Math.Max(1, share));
                Assert.True(taken <= bound + 1e-6, $"{taken} of {bound}");
            }
        });

    /// <summary>What is said to be left is what can be taken.</summary>
    [Fact]
    public void Left_WhateverHappened_IsWhatCanBeTaken() =>
        Gen.Select(Traffic, Gen.Int[0, 100], Gen.Int[0, 50]).Sample(static (traffic, percent, perSecond) =>
        {
            var budget = new RetryBudget();
            var (now, requests) = (TimeSpan.Zero, 0L);
            foreach (var step in traffic)
            {
                now += TimeSpan.FromMilliseconds(step.Milliseconds);
                requests += step.Requests;
                budget.Observe(requests, now);
                for (var i = 0; i < step.Wanted; i++)
                    budget.TryTake(percent, perSecond, now);
            }

            var (left, taken) = (budget.Left(percent, perSecond, now), 0);
            while (budget.TryTake(percent, perSecond, now))
                taken++;
            Assert.Equal((taken, 0), (left, budget.Left(percent, perSecond, now)));
        });

    [Fact]
    public void TryTake_RequestsOfTheLastSeconds_PayForTheirPart() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[1, 500], Gen.Int[1, 8]).Sample((percent, perTick, seconds) =>
        {
            var budget = new RetryBudget();
            budget.Observe(0, TimeSpan.Zero);
            for (var i = 1; i <= seconds; i++)
                budget.Observe((long)i * perTick, i * Second);
            var taken = 0;
            while (budget.TryTake(percent, 0, seconds * Second))
                taken++;
            Assert.Equal(seconds * perTick * percent / 100, taken);
        });

    [Fact]
    public void TryTake_RequestsOfLongAgo_PayForNothing()
    {
        var budget = new RetryBudget();
        budget.Observe(0, TimeSpan.Zero);
        budget.Observe(1000, Second);
        Assert.True(budget.TryTake(20, 0, Second));
        for (var i = 2; i <= 11; i++)
            budget.Observe(1000, i * Second);
        Assert.False(budget.TryTake(20, 0, 11 * Second));
    }

    [Fact]
    public void TryTake_WithoutRequests_HasOneAndThenItsShare()
    {
        var budget = new RetryBudget();
        Assert.True(budget.TryTake(20, 0.5, TimeSpan.Zero));
        Assert.False(budget.TryTake(20, 0.5, Second));
        Assert.True(budget.TryTake(20, 0.5, 2 * Second));
        Assert.False(budget.TryTake(20, 0.5, 2 * Second));
        // And never more at once than a second gives.
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryTake(0, 10, TimeSpan.FromHours(1))));
    }

    [Fact]
    public void TryTake_NothingIsAllowed_TakesNothing()
    {
        var budget = new RetryBudget();
        budget.Observe(0, TimeSpan.Zero);
        budget.Observe(1_000_000, Second);
        Assert.False(budget.TryTake(0, 0, Second));
    }
}
