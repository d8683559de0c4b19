using CsCheck;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

public sealed class FixedWindowTests
{
    [Fact]
    public void AdmitsExactlyWhileTheWindowHasPermits() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 900], GenArrivals).Sample(static (limit, window, arrivals) =>
        {
            var range = Fresh(Rule(limit, window));
            var used = new Dictionary<int, int>();
            var seq = 0;
            foreach (var (at, cost) in arrivals.OrderBy(static arrival => arrival.At))
            {
                var before = used.GetValueOrDefault(at / window);
                var admitted = range.Handle(Acquire(++seq) with { Acquires = [new AcquireEntry(Key, cost)] }, Ms(at)).Decisions[0].IsAdmitted;
                Assert.Equal(before + cost <= limit, admitted);
                used[at / window] = admitted ? before + cost : before;
            }
        });

    [Fact]
    public void Refused_RetryAfterIsTheNextWindow()
    {
        var range = Fresh(Rule(10, 1000));
        range.Handle(Acquire(1, 10), Ms(1300));
        Assert.Equal(Ms(700), range.Handle(Acquire(2), Ms(1300)).Decisions[0].RetryAfter);
        Assert.Equal(0, Admitted(range.Handle(Acquire(3, 10), Ms(1999.9))));
        Assert.Equal(10, Admitted(range.Handle(Acquire(4, 11), Ms(2000))));
        var never = range.Handle(Acquire(5) with { Acquires = [new AcquireEntry(Key, 11)] }, Ms(3000)).Decisions[0];
        Assert.Equal((false, TimeSpan.MaxValue), (never.IsAdmitted, never.RetryAfter));
    }

    [Fact]
    public void Activation_EverybodyAnswered_TheWindowGoesOn()
    {
        var witness = new KeyWitness { Epoch = 1, Version = 1, Current = 7, Elapsed = Ms(400) };
        var range = new RateLimitRange(Rule(10, 1000), 2, 100, new RestoreOutcome(true, 1, [new RestoreRow(Key, witness, Ms(100))]), Ms(0));
        Assert.Equal(3, Admitted(range.Handle(Acquire(1, 10), Ms(0))));
        Assert.Equal(0, Admitted(range.Handle(Acquire(2, 10), Ms(499))));
        Assert.Equal(10, Admitted(range.Handle(Acquire(3, 11), Ms(501))));
    }

    private static LimitRule Rule(int limit, double window) => Window(limit, Ms(window), RateLimitAlgorithm.FixedWindow);
}
