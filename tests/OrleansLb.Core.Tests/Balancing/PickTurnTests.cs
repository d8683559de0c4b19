using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class PickTurnTests
{
    [Fact]
    public void Next_ManyThreads_TakeEveryTurnOnce()
    {
        const int Threads = 4;
        const int Turns = 20_000;
        var turn = new PickTurn(ulong.MaxValue - 5);
        var taken = new ulong[Threads][];
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
            taken[thread] = [.. Enumerable.Range(0, Turns).Select(_ => turn.Next())]);

        Assert.Equal(Threads * Turns, taken.SelectMany(static turns => turns).Distinct().Count());
        Assert.Equal(unchecked(ulong.MaxValue - 5 + (Threads * Turns)), turn.Next());
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
