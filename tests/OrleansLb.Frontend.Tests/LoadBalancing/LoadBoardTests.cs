using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

public sealed class LoadBoardTests
{
    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(5);

    private readonly BoardPool _pool = new();

    [Fact]
    public void Board_WhateverASlotCounts_ShowsIt()
    {
        _pool.Apply(1, 2, 3);
        var slot = _pool.Current.Slots[1];

        slot.Begin();
        slot.Begin();
        Assert.Equal([0, 2, 0], Shown());
        slot.Upgrade();
        Assert.Equal([0, 2, 0], Shown());
        slot.End(Took, failed: false);
        Assert.Equal([0, 1, 0], Shown());
        slot.EndUpgraded();
        Assert.Equal([0, 0, 0], Shown());
        slot.Begin();
        slot.End(Took, failed: true);
        Assert.Equal([0, 1, 0], Shown());
        slot.FadeFailures(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.Equal(1, Shown()[1]);
        slot.FadeFailures(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        Assert.Equal(Math.Exp(-1), Shown()[1], 1e-9);
        slot.FadeFailures(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Equal([0, 0, 0], Shown());
        Assert.Equal(3, slot.Traffic.Arrivals);
    }

    [Fact]
    public void Board_BackendsComeAndGoUnderARequest_ItIsTakenAwayWhereItIsNow()
    {
        _pool.Apply(2, 3);
        var (two, three) = (_pool.Current.Slots[0], _pool.Current.Slots[1]);
        two.Begin();
        three.Begin();
        three.Begin();

        _pool.Apply(1, 3, 4);
        Assert.Equal([0, 2, 0], Shown());
        two.End(Took, failed: false);
        three.End(Took, failed: false);
        Assert.Equal([0, 1, 0], Shown());
        three.End(Took, failed: false);
        Assert.Equal([0, 0, 0], Shown());
        Assert.Equal(0, two.Requests);
    }

    [Fact]
    public void Board_BackendsStayTheSame_IsKept()
    {
        _pool.Apply(1, 2);
        var board = _pool.Current.Board;
        _pool.Apply(1, 2);
        Assert.Same(board, _pool.Current.Board);
        _pool.Apply(2);
        Assert.NotSame(board, _pool.Current.Board);
    }

    // The thread with the older count may be the last to write. Only the end of a race shows that, so there are many short ones.
    [Fact]
    public async Task Board_TwoThreadsCountAtOnce_ShowsInTheEndWhatIsInFlight()
    {
        const int races = 50_000;
        _pool.Apply(1, 2);
        var (slot, arrived, cancellation) = (_pool.Current.Slots[0], 0, TestContext.Current.CancellationToken);
        var wrong = new int[2];
        var threads = Enumerable.Range(0, 2).Select(thread => Task.Factory.StartNew(() => Race(thread), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(threads);
        Assert.Equal([0, 0], wrong);
        Assert.Equal((races, races - 1, 1), (slot.Traffic.Arrivals, slot.Traffic.Completions, slot.Requests));

        void Race(int thread)
        {
            for (var race = 0; race < races; race++)
            {
                Meet((4 * race) + 2);
                if ((race + thread) % 2 == 0)
                    slot.Begin();
                else if (race > 0)
                    slot.End(Took, failed: false);
                Meet((4 * race) + 4);
                if (Shown()[0] != slot.PickLoad)
                    wrong[thread]++;
            }
        }

        void Meet(int all)
        {
            Interlocked.Increment(ref arrived);
            for (var spin = default(SpinWait); Volatile.Read(ref arrived) < all; cancellation.ThrowIfCancellationRequested())
                spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    // Each thread ends what it began, at neighbours and in turn at all, while backends come, go and change places.
    [Fact]
    public async Task Board_ThreadsCountWhileBackendsComeAndGo_ShowsInTheEndWhatIsInFlight()
    {
        for (var round = 0; round < 60; round++)
        {
            _pool.Apply(0, 1, 2, 3);
            var slots = _pool.Current.Slots.ToArray();
            using var ready = new Barrier(3);
            var threads = Enumerable.Range(0, 2).Select(thread => Task.Factory.StartNew(() => Count(slots, thread, ready), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            ready.SignalAndWait(TestContext.Current.CancellationToken);
            for (var version = 0; !Task.WhenAll(threads).IsCompleted; version++)
                _pool.Apply(version % 2 == 0 ? [0, 1, 2, 3, 4] : [-1, 0, 1, 2, 3]);
            await Task.WhenAll(threads);

            Assert.All(slots, static slot => Assert.Equal(2, slot.Requests));
            Assert.All(slots, slot => Assert.Equal(2, Shown()[_pool.Current.Slots.IndexOf(slot)]));
            foreach (var slot in slots)
            {
                slot.End(Took, failed: false);
                slot.End(Took, failed: false);
            }
        }
    }

    private static void Count(BackendSlot[] slots, int thread, Barrier ready)
    {
        ready.SignalAndWait(TestContext.Current.CancellationToken);
        for (var i = 0; i < 3_000; i++)
        {
            slots[(i + thread) % slots.Length].Begin();
            slots[(i + thread) % slots.Length].End(Took, failed: false);
        }

        foreach (var slot in slots)
            slot.Begin();
    }

    private double[] Shown() => _pool.Current.Board.Loads.ToArray();
}
