using CsCheck;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Core.Tests.Sessions;

public sealed class SessionTableTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    private static readonly BackendKey A = new(1);
    private static readonly BackendKey B = new(2);
    private static readonly BackendKey C = new(3);

    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void Bind_TwoFirstClaims_TheFirstWins()
    {
        var table = Table();

        var first = Bind(table, 1, A);
        var second = Bind(table, 1, B);

        Assert.Equal((SessionOutcome.Bound, A), (first.Outcome, first.Binding.Backend));
        Assert.Equal((SessionOutcome.Found, first.Binding), (second.Outcome, second.Binding));
    }

    [Fact]
    public void Bind_TwoReplaceOneBinding_TheFirstWinsAndTheOtherIsToldOfIt()
    {
        var table = Table();
        var lost = Bind(table, 1, A).Binding;

        var first = Bind(table, 1, B, replaces: lost.Epoch);
        var second = Bind(table, 1, C, replaces: lost.Epoch);

        Assert.Equal((SessionOutcome.Replaced, B), (first.Outcome, first.Binding.Backend));
        Assert.True(first.Binding.Epoch > lost.Epoch);
        Assert.Equal((SessionOutcome.Found, first.Binding), (second.Outcome, second.Binding));
        Assert.Equal([Key(1)], table.ChangesSince(lost.Epoch).Keys);
    }

    [Fact]
    public void Bind_NoCandidate_OnlyAsks()
    {
        var table = Table();

        Assert.Equal(SessionOutcome.Unbound, Bind(table, 1, SessionBinding.Nobody).Outcome);
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Bind_RangeHasForgottenWhatAFrontendRemembers_GoesBackThere()
    {
        var table = Table();

        var binding = table.Bind(new SessionClaim(Key(1), A, 0, new SessionBinding(B, 7)), _now).Binding;

        Assert.Equal(B, binding.Backend);
    }

    [Fact]
    public void Revoke_FrontendRemembersTheBinding_DoesNotBringItBack()
    {
        var table = Table();
        var revoked = Bind(table, 1, A).Binding;

        Assert.True(table.Revoke(Key(1), _now));
        Assert.False(table.Revoke(Key(1), _now));

        Assert.Null(table.Find(Key(1), _now));
        Assert.Equal(B, table.Bind(new SessionClaim(Key(1), B, 0, revoked), _now).Binding.Backend);
    }

    [Fact]
    public void Move_AnySession_IsBoundThereAndFrontendsAreToHearOfIt()
    {
        var table = Table();
        var before = Bind(table, 1, A).Version;

        Assert.Equal(SessionOutcome.Replaced, table.Move(Key(1), B, _now).Outcome);
        Assert.Equal(SessionOutcome.Bound, table.Move(Key(2), B, _now).Outcome);

        Assert.Equal(B, Bind(table, 1, C).Binding.Backend);
        Assert.Equal(B, Bind(table, 2, C).Binding.Backend);
        Assert.Equal([Key(1)], table.ChangesSince(before).Keys);
    }

    [Fact]
    public void Tick_SessionIdleForTooLong_IsForgottenAndOthersAreNot()
    {
        var table = Table();
        Bind(table, 1, A);
        Bind(table, 2, A);
        _now += Idle / 2;
        Bind(table, 2, A);
        _now += (Idle / 2) + TimeSpan.FromSeconds(1);

        table.Tick(_now);

        Assert.Equal((1, 1L), (table.Count, table.Expired));
        Assert.Equal(B, Bind(table, 1, B).Binding.Backend);
        Assert.Equal(A, Bind(table, 2, B).Binding.Backend);
    }

    [Fact]
    public void Bind_NoRoom_ForgetsTheLeastRecentlyUsedAndFirstThoseNeverUsedAgain()
    {
        var table = Table(capacity: 3);
        Bind(table, 1, A);
        Bind(table, 1, A);
        Bind(table, 2, A);
        Bind(table, 3, A);
        _now += SessionTable.EvictableAfter + TimeSpan.FromSeconds(1);

        Bind(table, 4, B);
        Assert.NotNull(table.Find(Key(1), _now));
        Assert.Null(table.Find(Key(2), _now));
        Assert.Equal((3, 1L), (table.Count, table.Evicted));
    }

    [Fact]
    public void Bind_AllWereUsedAMomentAgo_IsRefusedAndNobodyIsForgotten()
    {
        var table = Table(capacity: 2);
        Bind(table, 1, A);
        Bind(table, 2, A);
        _now += SessionTable.Freshness;

        Assert.Equal(SessionOutcome.Full, Bind(table, 3, A).Outcome);
        Assert.Equal((2, 0L), (table.Count, table.Evicted));
    }

    [Fact]
    public void Bind_AnyClaimsWithinAMoment_OnlyWhatThereIsNoRoomForIsRefusedAndNobodyIsMoved() =>
        Gen.Select(Gen.Int[1, 8], Gen.Select(Gen.ULong[0, 12], Gen.ULong[1, 3], Gen.Bool).Array[1, 60]).Sample(static (capacity, claims) =>
        {
            var table = new SessionTable(1_000, capacity, Idle, [], TimeSpan.Zero);
            var bound = new Dictionary<SessionKey, SessionBinding>();
            foreach (var (number, (key, backend, isRemembered)) in claims.Index())
            {
                var expected = bound.ContainsKey(Key(key)) ? SessionOutcome.Found : bound.Count < capacity ? SessionOutcome.Bound : SessionOutcome.Full;
                var known = isRemembered ? new SessionBinding(new BackendKey(backend), 7) : default;

                var verdict = table.Bind(new SessionClaim(Key(key), new BackendKey(backend), 0, known), SessionTable.EvictableAfter * number / claims.Length);

                Assert.Equal(expected, verdict.Outcome);
                if (expected == SessionOutcome.Bound)
                    bound.Add(Key(key), verdict.Binding);
                Assert.Equal(bound.GetValueOrDefault(Key(key)), verdict.Binding);
            }

            Assert.All(bound, binding => Assert.Equal(binding.Value, table.Find(binding.Key, SessionTable.EvictableAfter)!.Value.Binding));
            Assert.Equal((bound.Count, 0L, 0L), (table.Count, table.Evicted, table.Expired));
        });

    [Fact]
    public void Restored_FrontendsDisagree_TheHighestEpochIsInForceAndTheOthersAreToHearOfIt()
    {
        SessionRecall[] recalls =
        [
            new(9, [new SessionRow(Key(1), new SessionBinding(A, 5), TimeSpan.Zero), new SessionRow(Key(2), new SessionBinding(C, 8), TimeSpan.Zero)]),
            new(9, [new SessionRow(Key(1), new SessionBinding(B, 7), TimeSpan.FromSeconds(9)), new SessionRow(Key(3), new SessionBinding(A, 0), TimeSpan.Zero)]),
        ];
        var table = new SessionTable(3, 10, Idle, recalls, _now);

        Assert.True(table.Epoch > 9);
        Assert.Equal(new SessionBinding(B, 7), Bind(table, 1, C).Binding);
        Assert.Equal(new SessionBinding(C, 8), Bind(table, 2, A).Binding);
        Assert.Equal(A, Bind(table, 3, B).Binding.Backend);
        Assert.Equal([Key(1)], table.ChangesSince(table.Epoch).Keys);
    }

    [Fact]
    public void Restored_MoreThanThereIsRoomFor_WhatWasBoundGoesBeforeWhatFrontendsDecidedAlone()
    {
        SessionRow[] rows =
        [
            new(Key(1), new SessionBinding(A, 5), TimeSpan.FromSeconds(9)), new(Key(2), new SessionBinding(A, 6), TimeSpan.FromSeconds(20)),
            new(Key(3), new SessionBinding(A, 0), TimeSpan.FromSeconds(1)), new(Key(4), new SessionBinding(A, 0), TimeSpan.FromSeconds(15)),
        ];

        var table = new SessionTable(3, 3, Idle, [new SessionRecall(9, rows)], _now);

        Assert.Equal([Key(1), Key(2), Key(3)], table.Page(null, 4, _now).Select(static row => row.Key));
        // Their order is that of their last use: there is room again when the oldest is idle for long enough.
        _now += SessionTable.EvictableAfter - TimeSpan.FromSeconds(15);
        Assert.Equal((SessionOutcome.Bound, SessionOutcome.Full), (Bind(table, 5, B).Outcome, Bind(table, 6, B).Outcome));
        Assert.Null(table.Find(Key(2), _now));
    }

    [Fact]
    public void Restored_OneFrontendHasHeardOfTheEnd_ItStaysEnded()
    {
        SessionRecall[] recalls =
        [
            new(9, [new SessionRow(Key(1), new SessionBinding(A, 5), TimeSpan.Zero)]),
            new(9, [new SessionRow(Key(1), new SessionBinding(SessionBinding.Nobody, 6), TimeSpan.Zero)]),
        ];

        Assert.Equal(B, Bind(new SessionTable(3, 10, Idle, recalls, _now), 1, B).Binding.Backend);
    }

    [Fact]
    public void ChangesSince_TooManyOrFromElsewhere_AreNotComplete()
    {
        var table = Table();
        Bind(table, 1, A);
        for (var change = 0; change <= SessionChangeLog.Capacity; change++)
            table.Move(Key(1), change % 2 == 0 ? B : A, _now);

        Assert.False(table.ChangesSince(table.Epoch).IsComplete);
        Assert.True(table.ChangesSince(table.Version - 1).IsComplete);
        Assert.True(table.ChangesSince(table.Version).IsEmpty);
        Assert.False(table.ChangesSince(table.Version + 1).IsComplete);
    }

    [Fact]
    public void Page_AllPages_AreEverySessionInOrder()
    {
        var table = Table(capacity: 100);
        for (var number = 0UL; number < 25; number++)
            Bind(table, number * 7 % 25, A);
        var seen = new List<SessionKey>();

        while (table.Page(seen.Count == 0 ? null : seen[^1], 10, _now) is { Length: > 0 } page)
            seen.AddRange(page.Select(static row => row.Key));

        Assert.Equal(Enumerable.Range(0, 25).Select(static number => Key((ulong)number)), seen);
    }

    [Fact]
    public void Anything_NeverThrowsAndStaysBounded() => Gen.Select(Rows.Array[0, 20], Gen.Long, Gen.Int[1, 8], Gen.TimeSpan, Steps.Array[0, 60])
        .Sample(static (rows, epoch, capacity, idle, steps) =>
        {
            var now = TimeSpan.Zero;
            var table = new SessionTable(epoch, capacity, idle, [new SessionRecall(epoch, rows)], now);
            foreach (var (action, key, backend, epochOfStep, pause) in steps)
            {
                now += TimeSpan.FromSeconds(pause);
                Act(table, action, Key(key), new BackendKey(backend), epochOfStep, now);
                Assert.InRange(table.Count, 0, capacity);
            }
        });

    private static readonly Gen<SessionRow> Rows = Gen.Select(Gen.ULong[0, 9], Gen.ULong[0, 3], Gen.Long, Gen.TimeSpan)
        .Select(static row => new SessionRow(Key(row.Item1), new SessionBinding(new BackendKey(row.Item2), row.Item3), row.Item4));

    private static readonly Gen<(int Action, ulong Key, ulong Backend, long Epoch, int Pause)> Steps =
        Gen.Select(Gen.Int[0, 6], Gen.ULong[0, 12], Gen.ULong[0, 3], Gen.Long, Gen.Int[0, 50]);

    private static void Act(SessionTable table, int action, SessionKey key, BackendKey backend, long epoch, TimeSpan now)
    {
        switch (action)
        {
            case 0:
                table.Bind(new SessionClaim(key, backend, 0, default), now);
                break;
            case 1:
                table.Bind(new SessionClaim(key, backend, table.Find(key, now)?.Binding.Epoch ?? epoch, new SessionBinding(backend, epoch)), now);
                break;
            case 2 when backend != SessionBinding.Nobody:
                table.Move(key, backend, now);
                break;
            case 3:
                table.Revoke(key, now);
                break;
            case 4:
                table.ChangesSince(epoch);
                break;
            case 5:
                table.Page(key, 3, now);
                break;
            default:
                table.Tick(now);
                break;
        }
    }

    private SessionTable Table(int capacity = 10) => new(1_000, capacity, Idle, [], _now);

    private SessionVerdict Bind(SessionTable table, ulong key, BackendKey candidate, long replaces = 0) =>
        table.Bind(new SessionClaim(Key(key), candidate, replaces, default), _now);

    private static SessionKey Key(ulong number) => new(number, number);
}
