using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.Concurrency.Keys.KeySlotFrontend;

namespace OrleansLb.Core.Tests.Concurrency.Keys;

public sealed class KeySlotHolderTests
{
    [Fact]
    public void Wait_RangeHasSome_EntersAndTheNextOnesOnlyOnceItHasLeft()
    {
        var (range, frontend) = (Range(Rule(1)), new KeySlotFrontend(Rule(1)));
        var first = frontend.Wait(at: 0);
        Assert.Null(first.Outcome);
        Assert.True(frontend.Exchange(range, at: 1));
        Assert.Equal(KeySlotOutcome.Entered, first.Outcome);

        var second = frontend.Wait(at: 2);
        frontend.Exchange(range, at: 3);
        Assert.Equal(KeySlotOutcome.Refused, second.Outcome);

        first.Slots!.Leave(1);
        Assert.NotNull(frontend.Holder.TryEnter(Key, 1, Ms(4)));
        Assert.Null(frontend.Holder.TryEnter(Key, 1, Ms(4)));
    }

    [Fact]
    public void Leave_Exact_IsTakenBackWithTheNextReportAndTheKeyIsForgotten()
    {
        var (range, frontend) = (Range(Rule(5)), new KeySlotFrontend(Rule(5)));
        var request = frontend.Wait(at: 0);
        frontend.Exchange(range, at: 1);
        var wakes = frontend.Wakes;
        request.Slots!.Leave(1);

        Assert.True(frontend.Wakes > wakes);
        Assert.Equal((Ms(1) + SlotPace.Shortest, 1), (frontend.Holder.Due(Ms(2))!.Value.ReportAt, range.KeyCount));
        frontend.Exchange(range, at: 3);
        Assert.Equal(0, range.KeyCount);
        Assert.Null(frontend.Holder.Due(Ms(100)));
        Assert.True(frontend.Holder.IsIdle);
    }

    [Fact]
    public void Leave_Leased_StaysUntilTheKeyIsIdle()
    {
        var rule = Rule(100, mode: RateLimitMode.Leased);
        var (range, frontend) = (Range(rule), new KeySlotFrontend(rule));
        var request = frontend.Wait(at: 0);
        frontend.Exchange(range, at: 1);
        frontend.Exchange(range, at: 150);
        request.Slots!.Leave(1);

        Assert.NotNull(frontend.Holder.TryEnter(Key, 1, Ms(500)));
        request.Slots!.Leave(1);
        frontend.Exchange(range, at: 600);
        Assert.Equal(1, range.KeyCount);
        for (var at = 700; at < 4000; at += 100)
            frontend.Exchange(range, at);
        Assert.Equal(0, range.KeyCount);
        Assert.Null(frontend.Holder.Due(Ms(4000)));
    }

    [Fact]
    public void Wait_RangeSaidItIsFullAMomentAgo_IsRefusedWithoutAQuestion()
    {
        var (range, frontend) = (Range(Rule(1)), new KeySlotFrontend(Rule(1)));
        frontend.Wait(at: 0);
        frontend.Exchange(range, at: 1);
        frontend.Wait(at: 2);
        frontend.Exchange(range, at: 3);

        Assert.True(frontend.Holder.IsKnownFull(Key, Ms(4)));
        Assert.Equal(KeySlotOutcome.Refused, frontend.Wait(at: 4).Outcome);
        Assert.False(frontend.Holder.IsKnownFull(Key, Ms(9)));
        Assert.Null(frontend.Wait(at: 9).Outcome);
    }

    [Fact]
    public void Wait_WithAQueue_OldestFirstAndNoMoreThanMay()
    {
        var rule = Rule(1, queueLimit: 2);
        var (range, frontend) = (Range(rule), new KeySlotFrontend(rule));
        var waiters = Enumerable.Range(0, 4).Select(_ => frontend.Wait(at: 0)).ToArray();
        frontend.Exchange(range, at: 1);
        Assert.Equal([KeySlotOutcome.Entered, null, null, KeySlotOutcome.Refused], waiters.Select(static waiter => waiter.Outcome));

        waiters[0].Slots!.Leave(1);
        Assert.Equal([KeySlotOutcome.Entered, null], waiters[1..3].Select(static waiter => waiter.Outcome));
        Assert.Null(frontend.Holder.TryEnter(Key, 1, Ms(2)));

        frontend.Exchange(range, at: 100);
        frontend.Holder.Lapse(Ms(9_999));
        Assert.Null(waiters[2].Outcome);
    }

    [Fact]
    public void Lapse_QueuedForTheWholeTime_IsRefused()
    {
        var rule = Rule(1, queueLimit: 2);
        var (range, frontend) = (Range(rule), new KeySlotFrontend(rule));
        frontend.Wait(at: 0);
        var waiter = frontend.Wait(at: 0);
        for (var at = 1; at < 10_000; at += 1_000)
            frontend.Exchange(range, at);
        Assert.Null(waiter.Outcome);
        frontend.Holder.Lapse(Ms(10_000));
        Assert.Equal(KeySlotOutcome.Refused, waiter.Outcome);
    }

    [Fact]
    public void Wait_AsManyWaitAsMay_IsNotDecidedAndThosePlacesAreFreeAgain()
    {
        var frontend = new KeySlotFrontend(Rule(1));
        var waiters = Enumerable.Range(0, KeySlotHolder.MostWaiters).Select(_ => frontend.Wait(at: 0)).ToArray();
        Assert.Equal(KeySlotOutcome.Unavailable, frontend.Wait(at: 0).Outcome);
        frontend.Holder.GiveUp(waiters[7]);
        Assert.Null(frontend.Wait(at: 0).Outcome);
    }

    [Fact]
    public void GiveUp_WhileItWaits_IsNotTold()
    {
        var frontend = new KeySlotFrontend(Rule(1));
        var waiter = frontend.Wait(at: 0);
        frontend.Holder.GiveUp(waiter);
        Assert.Equal(KeySlotOutcome.Left, waiter.Outcome);
        Assert.Equal(new SlotNumbers(0, 0, 0, 0), frontend.Claim(at: 1)!.Value.Numbers);
        frontend.Holder.GiveUp(waiter);
    }

    [Theory]
    [InlineData(WhenUnreachable.Share, 5)]
    [InlineData(WhenUnreachable.Deny, 0)]
    [InlineData(WhenUnreachable.Allow, 20)]
    public void Wait_LeaseHasEnded_PolicyDecidesAndIsToldAsInUseAlone(WhenUnreachable choice, int admitted)
    {
        var rule = Rule(10, alone: choice);
        var (range, frontend) = (Range(rule), new KeySlotFrontend(rule));
        range.Observe(2);
        frontend.Wait(at: 0).Slots?.Leave(0);
        frontend.Exchange(range, at: 0);

        var deadline = SlotLease.HolderTime.TotalMilliseconds;
        Assert.False(frontend.Holder.HasLapsed(Ms(deadline - 1)));
        var outcomes = Enumerable.Range(0, 20).Select(_ => frontend.Wait(at: deadline).Outcome).ToArray();

        // One of the share is in use already.
        var expected = choice == WhenUnreachable.Share ? admitted - 1 : admitted;
        Assert.Equal(expected, outcomes.Count(static outcome => outcome == KeySlotOutcome.EnteredAlone));
        Assert.Equal(20 - expected, outcomes.Count(static outcome => outcome == KeySlotOutcome.RefusedAlone));
        Assert.Equal((0, expected + 1), frontend.Claim(at: deadline + 1)!.Value.Numbers is var numbers ? (numbers.Held, numbers.InUse) : default);
    }

    [Fact]
    public void TryAccept_AnswerIsLateOrOld_ChangesNothing()
    {
        var (range, frontend) = (Range(Rule(5)), new KeySlotFrontend(Rule(5)));
        var waiter = frontend.Wait(at: 0);
        var first = range.Handle(frontend.Holder.Begin(Ms(1)), Ms(1))!;
        var second = range.Handle(frontend.Holder.Begin(Ms(2)), Ms(2))!;

        Assert.False(frontend.Holder.TryAccept(first, Ms(3)));
        Assert.False(frontend.Holder.TryAccept(second, Ms(2) + SlotLease.HolderTime));
        Assert.NotEqual(KeySlotOutcome.Entered, waiter.Outcome);
    }

    [Fact]
    public void TryAccept_NewActivation_LeaseIsRenewedOnlyOnceItWasToldEverything()
    {
        var rule = Rule(5);
        var (before, after, frontend) = (Range(rule), Range(rule, epoch: 9, isEverybody: false), new KeySlotFrontend(rule));
        frontend.Wait(at: 0);
        frontend.Exchange(before, at: 0);
        frontend.Exchange(before, at: 100);

        // Nothing has changed, so it names no key.
        Assert.True(frontend.Exchange(after, at: 1000));
        Assert.Equal(0, after.KeyCount);
        var deadline = SlotLease.HolderTime.TotalMilliseconds;
        Assert.True(frontend.Holder.HasLapsed(Ms(100 + deadline)));
        Assert.True(frontend.Exchange(after, at: 1002));
        Assert.Equal(1, after.KeyCount);
        Assert.False(frontend.Holder.HasLapsed(Ms(1002 + deadline - 1)));
    }

    [Fact]
    public void Recall_AnswersOfActivationsBefore_AreRefusedFromThenOn()
    {
        var rule = Rule(5);
        var (before, frontend) = (Range(rule), new KeySlotFrontend(rule));
        frontend.Wait(at: 0);
        frontend.Exchange(before, at: 0);
        frontend.Wait(at: 1);
        var answer = before.Handle(frontend.Holder.Begin(Ms(1)), Ms(1))!;

        var recall = frontend.Holder.Recall(7, Ms(1));
        Assert.False(frontend.Holder.TryAccept(answer, Ms(2)));
        Assert.Equal((1L, 2L, 1, 1), (recall.NewestEpoch, recall.Report.Sequence, recall.Report.Claims[0].Numbers.Held, recall.Report.Claims[0].Numbers.InUse));

        var after = new KeySlotArbiter(rule, 7, 100, [recall], isEverybody: true, Ms(2));
        Assert.Null(after.Handle(recall.Report, Ms(3)));
        frontend.Holder.Abandon();
        Assert.True(frontend.Exchange(after, at: 60));

        // Asked again by the same one it does not shut it out.
        frontend.Holder.Recall(7, Ms(61));
        Assert.True(frontend.Exchange(after, at: 62));
        // Asked late by one that is gone it does, and the next report tells the living one so.
        frontend.Holder.Recall(3, Ms(63));
        Assert.True(frontend.Exchange(after, at: 64));
        Assert.Equal(8, after.Epoch);
    }

    [Fact]
    public void Dissolve_PolicyCountsSomethingElse_EverybodyEntersAndWhatRunsIsToldWhenItIsBack()
    {
        var rule = Rule(1, queueLimit: 5);
        var (range, frontend) = (Range(rule), new KeySlotFrontend(rule));
        frontend.Wait(at: 0);
        var waiter = frontend.Wait(at: 0);
        frontend.Exchange(range, at: 1);

        frontend.Holder.Dissolve(rule);
        Assert.Equal(KeySlotOutcome.EnteredAlone, waiter.Outcome);

        frontend.Holder.Reconfigure(rule);
        Assert.Equal(new SlotNumbers(0, 2, 0, 0), frontend.Claim(at: 2)!.Value.Numbers);
    }

    [Fact]
    public void TryEnterAndLeave_SlotsAreFree_AllocateNothing()
    {
        var rule = Rule(1000, mode: RateLimitMode.Leased);
        var (range, frontend) = (Range(rule), new KeySlotFrontend(rule));
        frontend.Wait(at: 0);
        frontend.Exchange(range, at: 1);
        Use(frontend.Holder, 3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Use(frontend.Holder, 2000);
        // Less than a byte a call: the runtime itself may allocate once, when it compiles the loop anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_999);

        static void Use(KeySlotHolder holder, int times)
        {
            for (var time = 0; time < times; time++)
                holder.TryEnter(Key, 1, Ms(2))!.Leave(1);
        }
    }

    [Fact]
    public async Task Threads_EnterWaitAndLeave_NeverMoreThanTheLimitAndNobodyIsForgotten()
    {
        const int limit = 3;
        var rule = Rule(limit, queueLimit: 1000);
        var (range, frontend) = (Range(rule), new KeySlotFrontend(rule));
        var (inFlight, most, served) = (0, 0, 0);
        using var stop = new CancellationTokenSource();
        var exchanging = Task.Run(() =>
        {
            for (var at = 1.0; !stop.IsCancellationRequested; at += 0.01)
                frontend.Exchange(range, at);
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var time = 0; time < 500; time++)
            {
                var slots = frontend.Holder.TryEnter(Key, 1, Ms(0));
                if (slots is null)
                {
                    var waiter = frontend.Wait(at: 0);
                    Assert.Equal(KeySlotOutcome.Entered, await waiter.Ended.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
                    slots = waiter.Slots!;
                }

                var now = Interlocked.Increment(ref inFlight);
                InterlockedMax(ref most, now);
                Interlocked.Increment(ref served);
                await Task.Yield();
                Interlocked.Decrement(ref inFlight);
                slots.Leave(1);
            }
        }, TestContext.Current.CancellationToken)));
        await stop.CancelAsync();
        await exchanging;

        Assert.Equal((16 * 500, true), (served, most <= limit));
        frontend.Exchange(range, at: 1_000_000);
        Assert.Equal(0, range.KeyCount);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
            seen = Interlocked.CompareExchange(ref most, value, seen) is var was && was == seen ? value : was;
    }
}
