using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class PickTurnTests
{
    [Fact]
    public void Next_ManyThreads_TakeEveryTurnOnce()
    {
        const int Threads = 4;
        const int Turns = 3_000_000; // A tenth of a second: long enough for two of them to run side by side on a busy machine.
        var turn = new PickTurn(ulong.MaxValue - 5);
        var taken = new ulong[Threads];
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            for (var count = 0; count < Turns; count++)
                taken[i] += turn.Next();
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        // The sum of -6, -5, -4, ... over as many turns; wrapping as the turns do.
        const ulong All = Threads * (ulong)Turns;
        Assert.Equal(unchecked((All * (All - 1) / 2) - (6 * All)), taken.Aggregate(0UL, static (sum, one) => unchecked(sum + one)));
        Assert.Equal(All - 6, turn.Next());
    }

    [Fact]
    public void Of_DifferentFrontendsOrPools_StartsElsewhere()
    {
        var starts = Enumerable.Range(0, 50).Select(static i => PickTurn.Of($"frontend-{i}", "pool").Next() % 50).Distinct();
        Assert.InRange(starts.Count(), 25, 50);
        Assert.NotEqual(PickTurn.Of("a", "b").Next(), PickTurn.Of("a", "c").Next());
        Assert.NotEqual(PickTurn.Of("ab", "c").Next(), PickTurn.Of("a", "bc").Next());
        Assert.Equal(PickTurn.Of("a", "b").Next(), PickTurn.Of("a", "b").Next());
    }
}
