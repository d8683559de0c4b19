using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.RateLimiting.LimitRules;

namespace OrleansLb.Core.Tests.RateLimiting;

/// <summary>What every algorithm with a window does alike.</summary>
public sealed class WindowRangeTests
{
    [Theory]
    [InlineData(RateLimitAlgorithm.FixedWindow)]
    [InlineData(RateLimitAlgorithm.SlidingWindowLog)]
    public void Activation_NothingKnown_AdmitsNothingForOneWindow(RateLimitAlgorithm algorithm)
    {
        var range = new RateLimitRange(Window(10, Ms(1000), algorithm), 2, 100, RestoreOutcome.Unknown, Ms(300));
        Assert.Equal(0, Admitted(range.Handle(Acquire(1, 10), Ms(1299))));
        Assert.Equal(10, Admitted(range.Handle(Acquire(2, 11), Ms(1300))));
        Assert.Equal(0, Admitted(range.Handle(Acquire(3, 11), Ms(1800))));
    }

    // As if twice the limit had been admitted in the window before: a window later it is where one is that was never interrupted.
    [Fact]
    public void Activation_NothingKnownOfACounter_AdmitsNothingForHalfAWindowAndItsLimitByTheEnd()
    {
        var range = new RateLimitRange(Window(10, Ms(1000), RateLimitAlgorithm.SlidingWindowCounter), 2, 100, RestoreOutcome.Unknown, Ms(300));
        Assert.Equal(0, Admitted(range.Handle(Acquire(1, 10), Ms(800))));
        Assert.Equal(5, Admitted(range.Handle(Acquire(2, 11), Ms(1050))));
        Assert.Equal(4, Admitted(range.Handle(Acquire(3, 11), Ms(1299))));
        Assert.Equal(5, Admitted(range.Handle(Acquire(4, 11), Ms(1800))));
    }

    // Leases that the activation before gave may be spent in this window, and count in it.
    [Fact]
    public void Activation_NothingKnownOfALeasedCounter_SetsAsideWhatMayBeOutInLeases()
    {
        var rule = Window(10, Ms(1000), RateLimitAlgorithm.SlidingWindowCounter, RateLimitMode.Leased);
        var range = new RateLimitRange(rule, 2, 100, RestoreOutcome.Unknown, Ms(300));
        Assert.Equal(9 - rule.LeaseCap, Admitted(range.Handle(Acquire(1, 11), Ms(1299))));
    }

    [Theory]
    [InlineData(RateLimitAlgorithm.FixedWindow)]
    [InlineData(RateLimitAlgorithm.SlidingWindowLog)]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter)]
    public void Acquire_MoreKeysThanCapacity_NoUsedKeyBecomesFree(RateLimitAlgorithm algorithm)
    {
        var range = Fresh(Window(10, Ms(1000), algorithm), capacity: 16);
        range.Handle(Acquire(1, 10), Ms(0));
        for (var index = 0; index < 200; index++)
            range.Handle(Acquire(2 + index, 3, key: RateLimitKey.Of($"flood {index}")), Ms(1));
        Assert.True(range.KeyCount <= 16);
        Assert.Equal(0, Admitted(range.Handle(Acquire(1000, 10), Ms(2))));
        Assert.True(Admitted(range.Handle(Acquire(1001, 10, key: RateLimitKey.Of("flood 0")), Ms(2))) <= 7);
    }

    [Theory]
    [InlineData(RateLimitAlgorithm.FixedWindow)]
    [InlineData(RateLimitAlgorithm.SlidingWindowCounter)]
    public void Activation_WitnessedWindowIsOver_ThatOfBeforeCountsForNothing(RateLimitAlgorithm algorithm)
    {
        var witness = new KeyWitness { Epoch = 1, Version = 1, Previous = 8, Current = 0, Elapsed = Ms(900) };
        var range = new RateLimitRange(Window(10, Ms(1000), algorithm), 2, 100, new RestoreOutcome(true, 1, [new RestoreRow(Key, witness, Ms(500))]), Ms(0));
        Assert.Equal(10, Admitted(range.Handle(Acquire(1, 20), Ms(0))));
    }
}
