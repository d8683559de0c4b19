using CsCheck;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.Affinity.AffinitySamples;

namespace OrleansLb.Core.Tests.Affinity;

public sealed class AffinityMachineTests
{
    private const int Size = 6;

    private static readonly Gen<PoolDefinition> GenPool = Gen.Int[1, 1000].Array[Size]
        .Select(static weights => PoolOf("shop", [.. weights.Select((weight, i) => ($"b{i}", weight, 1))]));

    private static readonly Gen<BackendState[]> GenStates = Gen.Enum<BackendState>().Array[Size];

    private static readonly Gen<bool[]> GenSet = Gen.Bool.Array[Size];

    [Fact]
    public void SuccessorIsTheSameBeforeAndAfterTheDownEvent() =>
        Gen.Select(GenPool, GenSession, GenSet, Gen.Int[0, Size - 1]).Sample(static (pool, session, eligible, lost) =>
        {
            var opening = Bound(pool, session, lost);
            eligible[lost] = true;
            var refusedHere = Decide(opening, pool, UpIf(eligible), eligible, Only(lost));
            eligible[lost] = false;
            var downForAll = Decide(opening, pool, UpIf(eligible), eligible, []);
            return refusedHere == downForAll && refusedHere.Backend != lost;
        });

    [Fact]
    public void SuccessorIsTheSameWhenTheOldBackendReturns() =>
        Gen.Select(GenPool, GenSession, GenSet, Gen.Int[0, Size - 1]).Sample(static (pool, session, eligible, lost) =>
        {
            eligible[lost] = false;
            var whileDown = AffinityMachine.Successor(View(pool, UpIf(eligible), eligible, []), session, lost);
            eligible[lost] = true;
            return whileDown == AffinityMachine.Successor(View(pool, UpIf(eligible), eligible, []), session, lost);
        });

    [Fact]
    public void SessionStaysWithItsSuccessorWhenTheOldBackendReturns() =>
        Gen.Select(GenPool, GenSession, Gen.Int[0, Size - 1]).Sample(static (pool, session, lost) =>
        {
            var all = Enumerable.Repeat(true, Size).ToArray();
            var moved = Decide(Bound(pool, session, lost), pool, UpIf(all), all, Only(lost));
            var later = Decide(new AffinityOpening(AffinityRejection.None, moved.Cookie, false), pool, UpIf(all), all, []);
            return moved.Outcome == AffinityOutcome.Move && later.Outcome == AffinityOutcome.Keep && later.Backend == moved.Backend;
        });

    [Fact]
    public void DecisionNeverNamesARefusedOrMaintainedBackend() =>
        Gen.Select(GenPool, GenSession, GenStates, GenSet, GenSet, Gen.Int[0, Size - 1]).Sample(static (pool, session, states, set, refused, bound) =>
        {
            var eligible = EligibleOf(states, set);
            var decision = Decide(Bound(pool, session, bound), pool, states, eligible, refused);
            return decision.Backend < 0 || (!refused[decision.Backend] && states[decision.Backend] != BackendState.Maintenance);
        });

    [Fact]
    public void SessionMovesOnlyToEligibleBackends() =>
        Gen.Select(GenPool, GenSession, GenStates, GenSet, GenSet, Gen.Int[0, Size - 1]).Sample(static (pool, session, states, set, refused, bound) =>
        {
            var eligible = EligibleOf(states, set);
            var decision = Decide(Bound(pool, session, bound), pool, states, eligible, refused);
            return decision.Outcome switch
            {
                AffinityOutcome.Keep => decision.Backend == bound,
                AffinityOutcome.Move => decision.Backend != bound && eligible[decision.Backend],
                _ => !eligible.Where((ok, i) => ok && !refused[i] && i != bound).Any(),
            };
        });

    [Fact]
    public void SessionsOfALostBackendSpreadByConfiguredWeight()
    {
        var pool = PoolOf("shop", ("a", 5, 1), ("b", 1, 1), ("c", 3, 1));
        bool[] eligible = [false, true, true];
        var toC = Enumerable.Range(0, 20_000).Count(session => AffinityMachine.Successor(View(pool, UpIf(eligible), eligible, []), (UInt128)session, 0) == 2);
        Assert.InRange(toC / 20_000.0, 0.74, 0.76);
    }

    [Theory]
    [InlineData(BackendState.Up, false, AffinityOutcome.Keep)]
    [InlineData(BackendState.Degraded, false, AffinityOutcome.Keep)]
    [InlineData(BackendState.Draining, false, AffinityOutcome.Keep)]
    [InlineData(BackendState.Unknown, true, AffinityOutcome.Keep)]
    [InlineData(BackendState.Unknown, false, AffinityOutcome.Move)]
    [InlineData(BackendState.Down, true, AffinityOutcome.Keep)]
    [InlineData(BackendState.Down, false, AffinityOutcome.Move)]
    [InlineData(BackendState.Maintenance, false, AffinityOutcome.Move)]
    public void Decide_BackendInState_KeepsOrMoves(BackendState state, bool eligible, AffinityOutcome expected)
    {
        var decision = Decide(Good(Cookie), Pool, [BackendState.Up, state, BackendState.Up], [true, eligible, true], []);
        Assert.Equal(expected, decision.Outcome);
        Assert.Equal(expected == AffinityOutcome.Keep, decision.Backend == 1);
    }

    [Fact]
    public void Decide_OtherGeneration_IsLeftAndTheNewOneMayBeTheSuccessor()
    {
        var replaced = PoolOf("shop", ("b", 1, 3));
        var decision = Decide(Good(Cookie), replaced, [BackendState.Up], [true], []);
        Assert.Equal(new AffinityDecision(AffinityOutcome.Move, 0, Cookie.MovedTo("b", 3, Now), true), decision);
    }

    [Fact]
    public void Decide_Move_KeepsTheSessionAndRaisesItsEpoch()
    {
        var decision = Decide(Good(Cookie), Pool, [BackendState.Up, BackendState.Down, BackendState.Down], [true, false, false], []);
        Assert.Equal(Cookie with { BackendId = "a", Generation = 1, Epoch = 5, LastSeen = Now }, decision.Cookie);
        Assert.True(decision.SendCookie);
    }

    [Fact]
    public void Decide_NoSuccessor_Balances() =>
        Assert.Equal(AffinityOutcome.Balance, Decide(Good(Cookie), Pool, new BackendState[3], new bool[3], []).Outcome);

    [Theory]
    [InlineData(AffinityFailurePolicy.Redistribute)]
    [InlineData(AffinityFailurePolicy.Return503Error)]
    public void Decide_BadCookie_BalancesWhateverThePolicy(AffinityFailurePolicy policy)
    {
        foreach (var rejection in Enum.GetValues<AffinityRejection>().Where(static r => r != AffinityRejection.None))
            Assert.Equal(AffinityOutcome.Balance, Decide(AffinityOpening.Rejected(rejection), Pool, UpIf([true, true, true]), [true, true, true], [], policy).Outcome);
    }

    [Fact]
    public void Decide_Return503AndBackendDown_RefusesUntilItIsBack()
    {
        var down = Decide(Good(Cookie), Pool, [BackendState.Up, BackendState.Down, BackendState.Up], [true, false, true], [], AffinityFailurePolicy.Return503Error);
        var back = Decide(Good(Cookie), Pool, UpIf([true, true, true]), [true, true, true], [], AffinityFailurePolicy.Return503Error);
        Assert.Equal(AffinityOutcome.Refuse, down.Outcome);
        Assert.Equal((AffinityOutcome.Keep, 1), (back.Outcome, back.Backend));
    }

    [Fact]
    public void Decide_Return503AndBackendGone_RefusesAndForgets()
    {
        var removed = Good(Cookie with { BackendId = "removed" });
        var replaced = Good(Cookie with { Generation = 1 });
        Assert.All([removed, replaced], opening => Assert.Equal(
            AffinityOutcome.RefuseAndForget,
            Decide(opening, Pool, UpIf([true, true, true]), [true, true, true], [], AffinityFailurePolicy.Return503Error).Outcome));
    }

    [Theory]
    [InlineData(0, 10, false, false)]
    [InlineData(0, 10, true, true)]
    [InlineData(100, 9, false, false)]
    [InlineData(100, 10, false, true)]
    public void Decide_Keep_SendsACookieWhenTheOldOneAges(int idleSeconds, int unseenSeconds, bool oldKey, bool sent)
    {
        var opening = new AffinityOpening(AffinityRejection.None, Cookie with { LastSeen = Now - unseenSeconds }, oldKey);
        var view = View(Pool, UpIf([true, true, true]), [true, true, true], []);
        var decision = AffinityMachine.Decide(opening, view, AffinityFailurePolicy.Redistribute, new AffinityLifetime(TimeSpan.Zero, TimeSpan.FromSeconds(idleSeconds)), Now);
        Assert.Equal(sent, decision.SendCookie);
        Assert.Equal(Cookie with { LastSeen = Now }, decision.Cookie);
    }

    private static AffinityDecision Decide(
        AffinityOpening opening,
        PoolDefinition pool,
        BackendState[] states,
        bool[] eligible,
        bool[] refused,
        AffinityFailurePolicy policy = AffinityFailurePolicy.Redistribute) =>
        AffinityMachine.Decide(opening, View(pool, states, eligible, refused), policy, AffinityLifetime.Unlimited, Now);

    private static AffinityView View(PoolDefinition pool, BackendState[] states, bool[] eligible, bool[] refused) =>
        new() { Pool = pool, States = states, Eligible = eligible, Refused = refused };

    private static AffinityOpening Good(AffinityCookie cookie) => new(AffinityRejection.None, cookie, false);

    private static AffinityOpening Bound(PoolDefinition pool, UInt128 session, int backend) =>
        Good(new AffinityCookie(pool.Id, pool.Backends[backend].Id, 1, 0, Now, Now, session));

    private static bool[] Only(int index) => [.. Enumerable.Range(0, Size).Select(i => i == index)];

    private static BackendState[] UpIf(bool[] eligible) => [.. eligible.Select(static ok => ok ? BackendState.Up : BackendState.Down)];

    // The eligible set never contains what an administrator took out.
    private static bool[] EligibleOf(BackendState[] states, bool[] set) =>
        [.. states.Select((state, i) => set[i] && state is not (BackendState.Maintenance or BackendState.Draining))];
}
