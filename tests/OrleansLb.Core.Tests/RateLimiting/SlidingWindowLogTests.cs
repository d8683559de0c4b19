using CsCheck;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

public sealed class SlidingWindowLogTests
{
    [Fact]
    public void AdmitsExactlyWhileTheLastWindowHasPermits() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 900], GenArrivals).Sample(static (limit, window, arrivals) =>
        {
            var range = Fresh(Rule(limit, window));
            var given = new List<(int At, int Cost)>();
            var seq = 0;
            foreach (var (at, cost) in arrivals.OrderBy(static arrival => arrival.At))
            {
                var inWindow = given.Where(permit => permit.At > at - window).Sum(static permit => permit.Cost);
                var admitted = range.Handle(Acquire(++seq) with { Acquires = [new AcquireEntry(Key, cost)] }, Ms(at)).Decisions[0].IsAdmitted;
                Assert.Equal(inWindow + cost <= limit, admitted);
                if (admitted)
                    given.Add((at, cost));
            }
        });

    [Theory]
    [InlineData(65)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void LimitAboveWhatItRemembersSingly_NeverExceedsItAndUsesNearlyAllOfIt(int limit)
    {
        var range = Fresh(Rule(limit, 1000));
        var (seq, total, inWindow) = (0, 0, 0);
        var admitted = new int[20_000];
        for (var at = 0; at < admitted.Length; at++)
        {
            admitted[at] = Admitted(range.Handle(Acquire(++seq, 1 + (limit * 3 / 1000)), Ms(at)));
            inWindow += admitted[at] - (at >= 1000 ? admitted[at - 1000] : 0);
            total += admitted[at];
            Assert.True(inWindow <= limit, $"{inWindow} of {limit} at {at} ms");
        }

        Assert.InRange(total, 0.97 * 20 * limit, 20 * limit);
    }

    [Fact]
    public void Refused_RetryAfterIsTheFirstMomentOfAdmission() =>
        Gen.Select(Gen.Int[1, 12], GenArrivals, Gen.Int[1, 13]).Sample(static (limit, arrivals, cost) =>
        {
            var range = Fresh(Rule(limit, 1000));
            var seq = 0;
            var last = 0;
            foreach (var (at, each) in arrivals.OrderBy(static arrival => arrival.At))
            {
                range.Handle(Acquire(++seq) with { Acquires = [new AcquireEntry(Key, each)] }, Ms(at));
                last = at;
            }

            var ask = Acquire(++seq) with { Acquires = [new AcquireEntry(Key, cost)] };
            var decision = range.Handle(ask, Ms(last)).Decisions[0];
            if (decision.IsAdmitted || cost > limit)
                return decision.RetryAfter == (decision.IsAdmitted ? TimeSpan.Zero : TimeSpan.MaxValue);
            var at1 = Ms(last) + decision.RetryAfter;
            var early = range.Handle(ask with { Seq = ++seq }, at1 - TimeSpan.FromTicks(1)).Decisions[0];
            var inTime = range.Handle(ask with { Seq = ++seq }, at1).Decisions[0];
            return decision.RetryAfter > TimeSpan.Zero && !early.IsAdmitted && inTime.IsAdmitted;
        });

    [Fact]
    public void Activation_EachFrontendKnowsItsOwn_TogetherTheyAreTheWholeLog()
    {
        var rule = Rule(10, 1000);
        var before = Fresh(rule);
        var (one, other) = (new RangeChannel("a", 1, rule, 100), new RangeChannel("b", 1, rule, 100));
        Exchange(one, before, 3, Ms(0));
        Exchange(other, before, 4, Ms(500));

        var answers = new[] { one.Restore(2, Ms(600)), other.Restore(2, Ms(600)) };
        var after = new RateLimitRange(rule, 2, 100, RestoreOutcome.Of(true, answers), Ms(600));

        Assert.Equal(3, Exchange(one, after, 10, Ms(600)));
        // Ages are taken for a little less than they are said to be: what was given at 0 ms is gone a moment after 1,000.
        Assert.Equal(0, Exchange(other, after, 10, Ms(1000)));
        Assert.Equal(3, Exchange(other, after, 10, Ms(1002)));
    }

    [Fact]
    public void Memory_OfAFrontend_IsBoundedAndForgetsNothingThatCounts()
    {
        var rule = Rule(100_000, 1000);
        var (range, channel) = (Fresh(rule), new RangeChannel("a", 1, rule, 100));
        var total = 0;
        for (var at = 0; at < 5000; at += 5)
            total += Exchange(channel, range, 10, Ms(at));
        Assert.Equal(10_000, total);

        var rows = channel.Restore(2, Ms(5000)).Rows;
        Assert.InRange(rows.Length, 1, 10);
        // Everything of the last window, and at most a cell more.
        Assert.InRange(rows.Sum(static row => row.Witness.Current), 1990, 2000 + 260);
    }

    private static int Exchange(RangeChannel channel, RateLimitRange range, int count, TimeSpan now)
    {
        var request = channel.Begin([.. Enumerable.Repeat(new AcquireEntry(Key, 1), count)], [], [], now);
        var reply = range.Handle(request, now);
        Assert.True(channel.TryAccept(reply, now));
        return Admitted(reply);
    }

    private static LimitRule Rule(int limit, double window) => Window(limit, Ms(window), RateLimitAlgorithm.SlidingWindowLog);
}
