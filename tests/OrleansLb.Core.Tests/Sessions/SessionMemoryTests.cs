using OrleansLb.Core.Sessions;

namespace OrleansLb.Core.Tests.Sessions;

public sealed class SessionMemoryTests
{
    private static readonly SessionKey One = new(1, 1);
    private static readonly SessionKey Two = new(2, 2);
    private static readonly BackendKey A = new(1);
    private static readonly BackendKey B = new(2);

    private readonly SessionMemory _memory = new(100);
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void Use_AnswerOfAMomentAgo_IsFreshUntilItIsThirtySecondsOld()
    {
        Accept(One, A, epoch: 11, version: 10);

        Assert.Equal((new SessionBinding(A, 11), true), (_memory.Use(One, _now).Binding, _memory.Use(One, _now).IsFresh(_now)));
        _now += SessionTable.Freshness;
        Assert.False(_memory.Use(One, _now).IsFresh(_now));
        Assert.Equal(A, _memory.Use(One, _now).Binding.Backend);
        Assert.False(_memory.Use(Two, _now).IsFresh(_now));
    }

    [Fact]
    public void Take_ChangeOfOne_ThatOneIsAskedForAgainAndOthersAreNot()
    {
        Accept(One, A, epoch: 11, version: 10);
        Accept(Two, A, epoch: 12, version: 10);

        _memory.Take(new SessionChanges(10, 10, 13, [One], IsComplete: true));

        Assert.False(_memory.Use(One, _now).IsFresh(_now));
        Assert.True(_memory.Use(Two, _now).IsFresh(_now));
        Accept(One, B, epoch: 13, version: 13);
        Assert.True(_memory.Use(One, _now).IsFresh(_now));
    }

    [Fact]
    public void Take_ChangesBeforeItWereMissed_AllAreAskedForAgain()
    {
        Accept(One, A, epoch: 11, version: 10);

        _memory.Take(new SessionChanges(10, 13, 14, [Two], IsComplete: true));

        Assert.False(_memory.Use(One, _now).IsFresh(_now));
        Assert.Equal(14, _memory.Seen);
    }

    [Fact]
    public void TryAccept_AnswerFromBeforeAChangeThatWasHeardOf_ConfirmsNothing()
    {
        Accept(Two, A, epoch: 12, version: 10);
        _memory.Take(new SessionChanges(10, 10, 13, [One], IsComplete: true));

        Accept(One, A, epoch: 11, version: 10);

        Assert.False(_memory.Use(One, _now).IsFresh(_now));
    }

    [Fact]
    public void TryAccept_OlderBindingThanKnown_ChangesNothing()
    {
        Accept(One, B, epoch: 13, version: 10);
        Accept(One, A, epoch: 11, version: 10);

        Assert.Equal(B, _memory.Use(One, _now).Binding.Backend);
    }

    [Fact]
    public void Recall_AnswersOfTheActivationBefore_AreNotActedUpon()
    {
        Accept(One, A, epoch: 11, version: 10);
        var late = _memory.Ask(_now);

        var recall = _memory.Recall(1_000, _now + TimeSpan.FromSeconds(3));
        var table = new SessionTable(1_000, 10, TimeSpan.FromHours(1), [recall], _now);

        Assert.Equal([new SessionRow(One, new SessionBinding(A, 11), TimeSpan.FromSeconds(3))], recall.Rows);
        Assert.False(_memory.TryAccept(Two, new SessionVerdict(SessionOutcome.Bound, new SessionBinding(A, 14), 10, 10), _memory.Ask(_now), _now));
        Assert.False(_memory.TryAccept(Two, new SessionVerdict(SessionOutcome.Bound, new SessionBinding(A, 2_001), 2_000, 2_000), late, _now));
        Assert.True(_memory.TryAccept(Two, table.Bind(new SessionClaim(Two, B, 0, default), _now), _memory.Ask(_now), _now));
        Assert.Equal(B, _memory.Use(Two, _now).Binding.Backend);
    }

    [Fact]
    public void Recall_ByAnActivationWithAHigherEpoch_WhatIsFreshStaysSo()
    {
        Accept(One, A, epoch: 11, version: 10);

        var table = new SessionTable(1_000, 10, TimeSpan.FromHours(1), [_memory.Recall(1_000, _now)], _now);
        _memory.Take(table.ChangesSince(_memory.Seen));

        Assert.True(_memory.Use(One, _now).IsFresh(_now));
    }

    [Fact]
    public void TryAccept_ActivationThatDidNotAsk_WhatIsRememberedIsAskedForAgain()
    {
        Accept(One, A, epoch: 11, version: 10);

        Assert.True(_memory.TryAccept(Two, new SessionVerdict(SessionOutcome.Bound, new SessionBinding(A, 1_001), 1_000, 1_000), _memory.Ask(_now), _now));

        Assert.False(_memory.Use(One, _now).IsFresh(_now));
        Assert.True(_memory.Use(Two, _now).IsFresh(_now));
    }

    [Fact]
    public void DecideAlone_OnceKnownByTheRange_ChangesNothing()
    {
        _memory.DecideAlone(One, A, _now);
        Assert.Equal((A, false), (_memory.Use(One, _now).Binding.Backend, _memory.Use(One, _now).IsFresh(_now)));
        Accept(One, B, epoch: 11, version: 10);

        _memory.DecideAlone(One, A, _now);

        Assert.Equal(B, _memory.Use(One, _now).Binding.Backend);
    }

    [Fact]
    public void Full_ForgetsThoseNeverUsedAgainFirst()
    {
        var memory = new SessionMemory(8);
        for (var number = 0UL; number < 8; number++)
            memory.DecideAlone(new SessionKey(number, 0), A, _now + TimeSpan.FromSeconds(number));
        memory.Use(new SessionKey(0, 0), _now);

        memory.DecideAlone(new SessionKey(8, 0), A, _now + TimeSpan.FromSeconds(9));

        Assert.InRange(memory.Count, 1, 8);
        Assert.True(memory.Use(new SessionKey(0, 0), _now).Binding.IsBound);
        Assert.False(memory.Use(new SessionKey(1, 0), _now).Binding.IsBound);
        Assert.True(memory.Use(new SessionKey(8, 0), _now).Binding.IsBound);
    }

    [Fact]
    public void Full_OfNamesThatFoundNoRoom_KeepsWhatTheRangeBound()
    {
        Accept(One, A, epoch: 11, version: 10);

        for (var number = 0UL; number < 1_000; number++)
            _memory.DecideAlone(new SessionKey(number, 9), B, _now + TimeSpan.FromSeconds(1));

        Assert.InRange(_memory.Count, 1, 100);
        Assert.Equal(A, _memory.Use(One, _now).Binding.Backend);
    }

    [Fact]
    public void Prune_Idle_IsForgotten()
    {
        Accept(One, A, epoch: 11, version: 10);
        _now += TimeSpan.FromMinutes(5);
        Accept(Two, A, epoch: 12, version: 10);

        _memory.Prune(TimeSpan.FromMinutes(3), _now);

        Assert.Equal(1, _memory.Count);
        Assert.False(_memory.Use(One, _now).Binding.IsBound);
    }

    [Fact]
    public void Use_Fresh_AllocatesNothing()
    {
        Accept(One, A, epoch: 11, version: 10);
        var least = long.MaxValue;
        for (var round = 0; round < 1_000 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            _memory.Use(One, _now);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private void Accept(SessionKey key, BackendKey backend, long epoch, long version) =>
        Assert.True(_memory.TryAccept(key, new SessionVerdict(SessionOutcome.Found, new SessionBinding(backend, epoch), 10, version), _memory.Ask(_now), _now));
}
