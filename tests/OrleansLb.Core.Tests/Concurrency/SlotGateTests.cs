using OrleansLb.Core.Concurrency;

namespace OrleansLb.Core.Tests.Concurrency;

public sealed class SlotGateTests
{
    [Fact]
    public void TryEnter_AsManyAsAllowed_ThenNobodyUntilOneLeaves()
    {
        var gate = new SlotGate();
        gate.Allow(2);

        Assert.True(gate.TryEnter(out _));
        Assert.True(gate.TryEnter(out _));
        Assert.False(gate.TryEnter(out _));
        Assert.False(gate.Leave());
        Assert.True(gate.TryEnter(out _));
        Assert.Equal((2, 2), gate.Read());
    }

    [Fact]
    public void TryEnter_Several_TakesAllOrNone()
    {
        var gate = new SlotGate();
        gate.Allow(3);

        Assert.True(gate.TryEnter(2, out _));
        Assert.False(gate.TryEnter(2, out _));
        Assert.Equal((3, 2), gate.Read());
        Assert.False(gate.Leave(2));
        Assert.True(gate.TryEnter(3, out _));
    }

    [Theory]
    [InlineData(5, 2, 1, 3)]
    [InlineData(5, 2, 3, 5)]
    [InlineData(1, 2, 0, 1)]
    public void KeepFree_MoreAreFree_TheRestIsTakenBack(int allowed, int inUse, int free, int left)
    {
        var gate = new SlotGate();
        gate.Allow(5);
        gate.TryEnter(inUse, out _);
        gate.Allow(allowed);

        gate.KeepFree(free);

        Assert.Equal((left, inUse), gate.Read());
    }

    [Fact]
    public void Allow_FewerThanInUse_NobodyEntersUntilThereAreFewer()
    {
        var gate = new SlotGate();
        gate.Allow(3);
        for (var i = 0; i < 3; i++)
            gate.TryEnter(out _);

        gate.Allow(1);

        Assert.True(gate.Leave());
        Assert.True(gate.Leave());
        Assert.False(gate.TryEnter(out _));
        Assert.False(gate.Leave());
        Assert.True(gate.TryEnter(out _));
    }

    [Fact]
    public void TryEnter_FewLeft_SaysSoOnce()
    {
        var gate = new SlotGate();
        gate.Allow(4);
        gate.WarnAt(2);

        gate.TryEnter(out var first);
        gate.TryEnter(out var second);
        gate.TryEnter(out var third);

        Assert.Equal([false, true, false], [first, second, third]);
    }

    [Fact]
    public void TakePeak_AfterABurst_TellsItsHeightOnce()
    {
        var gate = new SlotGate();
        gate.Allow(5);
        for (var i = 0; i < 4; i++)
            gate.TryEnter(out _);
        for (var i = 0; i < 3; i++)
            gate.Leave();

        Assert.Equal(4, gate.TakePeak());
        Assert.Equal(1, gate.TakePeak());
    }

    [Fact]
    public void TryEnter_ManyThreadsWhileTheAllowanceMoves_NeverMoreThanItsHighest()
    {
        const int most = 8;
        var gate = new SlotGate();
        var (inside, worst) = (0, 0);
        gate.Allow(most);
        Parallel.For(0, 4, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 400_000; i++)
            {
                if (thread == 0)
                    gate.Allow(random.Next(most + 1));
                if (!gate.TryEnter(out _))
                    continue;
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref worst, now);
                Interlocked.Decrement(ref inside);
                gate.Leave();
            }
        });

        Assert.InRange(worst, 1, most);
        Assert.Equal(0, gate.InUse);
    }

    [Fact]
    public void TryEnter_LoweredAllowanceIsReported_NobodyEntersBeyondIt()
    {
        var gate = new SlotGate();
        var violations = 0;
        Parallel.For(0, 3, thread =>
        {
            for (var i = 0; i < 400_000; i++)
            {
                if (thread != 0)
                {
                    if (gate.TryEnter(out _))
                        gate.Leave();
                    continue;
                }

                gate.Allow(2);
                gate.Allow(0);
                var (_, reported) = gate.Read();
                for (var look = 0; look < 5; look++)
                    violations += gate.InUse > reported ? 1 : 0;
            }
        });

        Assert.Equal(0, violations);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
