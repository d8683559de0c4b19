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

    private static readonly Gen<bool[]> GenSet = Gen.Bool.Array[Size];

    // Backends that take no new sessions but keep theirs are draining; those that take new ones keep theirs, too.
    private static readonly Gen<Standing[]> GenStandings = Gen.Enum<Standing>().Array[Size];

    [Fact]
    public void SuccessorIsTheSameBeforeAndAfterTheDownEvent() =>
        Gen.Select(GenPool, GenSession, GenSet, Gen.Int[0, Size - 1]).Sample(static (pool, session, eligible, lost) =>
        {
            var opening = Bound(pool, session, lost);
            eligible[lost] = true;
            var refusedHere = Decide(opening, pool, Standings(eligible), Only(lost));
            eligible[lost] = false;
            var downForAll = Decide(opening, pool, Standings(eligible), []);
            return refusedHere == downForAll && refusedHere.Backend != lost;
        });

    [Fact]
    public void SuccessorIsTheSameWhenTheOldBackendReturns() =>
        Gen.Select(GenPool, GenSession, GenSet, Gen.Int[0, Size - 1]).Sample(static (pool, session, eligible, lost) =>
        {
            eligible[lost] = false;
            var whileDown = AffinityMachine.Successor(View(pool, Standings(eligible), []), session, lost);
            eligible[lost] = true;
            return whileDown == AffinityMachine.Successor(View(pool, Standings(eligible), []), session, lost);
        });

    [Fact]
    public void SessionStaysWithItsSuccessorWhenTheOldBackendReturns() =>
        Gen.Select(GenPool, GenSession, Gen.Int[0, Size - 1]).Sample(static (pool, session, lost) =>
        {
            var all = Enumerable.Repeat(true, Size).ToArray();
            var moved = Decide(Bound(pool, session, lost), pool, Standings(all), Only(lost));
            var later = Decide(new AffinityOpening(AffinityRejection.None, moved.Cookie, false), pool, Standings(all), []);
            return moved.Outcome == AffinityOutcome.Move && later.Outcome == AffinityOutcome.Keep && later.Backend == moved.Backend;
        });

    [Fact]
    public void DecisionNeverNamesARefusedOrClosedBackend() =>
        Gen.Select(GenPool, GenSession, GenStandings, GenSet, Gen.Int[0, Size - 1]).Sample(static (pool, session, standings, refused, bound) =>
        {
            var decision = Decide(Bound(pool, session, bound), pool, standings, refused);
            return decision.Backend < 0 || (!refused[decision.Backend] && standings[decision.Backend] != Standing.Closed);
        });

    [Fact]
    public void SessionMovesOnlyToEligibleBackends() =>
        Gen.Select(GenPool, GenSession, GenStandings, GenSet, Gen.Int[0, Size - 1]).Sample(static (pool, session, standings, refused, bound) =>
        {
            var decision = Decide(Bound(pool, session, bound), pool, standings, refused);
            return decision.Outcome switch
            {
                AffinityOutcome.Keep => decision.Backend == bound,
                AffinityOutcome.Move => decision.Backend != bound && standings[decision.Backend] == Standing.Open,
                _ => !standings.Where((standing, i) => standing == Standing.Open && !refused[i] && i != bound).Any(),
            };
        });

    [Fact]
    public void SessionsOfALostBackendSpreadByConfiguredWeight()
    {
        var pool = PoolOf("shop", ("a", 5, 1), ("b", 1, 1), ("c", 3, 1));
        bool[] eligible = [false, true, true];
        var toC = Enumerable.Range(0, 20_000).Count(session => AffinityMachine.Successor(View(pool, Standings(eligible), []), (UInt128)session, 0) == 2);
        Assert.InRange(toC / 20_000.0, 0.74, 0.76);
    }

    [Theory]
    [InlineData(Standing.Open, AffinityOutcome.Keep)]
    [InlineData(Standing.Draining, AffinityOutcome.Keep)]
    [InlineData(Standing.Closed, AffinityOutcome.Move)]
    public void Decide_BackendOfStanding_KeepsOrMoves(Standing standing, AffinityOutcome expected)
    {
        var decision = Decide(Good(Cookie), Pool, [Standing.Open, standing, Standing.Open], []);
        Assert.Equal(expected, decision.Outcome);
        Assert.Equal(expected == AffinityOutcome.Keep, decision.Backend == 1);
    }

    [Fact]
    public void Decide_HoldIsOver_KeepsAgain()
    {
        var holds = new LocalHolds([.. Pool.Backends.Select(static backend => backend.Key)]);
        holds.Hold(1, TimeSpan.Zero);
        Assert.Equal(AffinityOutcome.Move, DecideAt(LocalHolds.Duration - TimeSpan.FromTicks(1)));
        Assert.Equal(AffinityOutcome.Keep, DecideAt(LocalHolds.Duration));

        AffinityOutcome DecideAt(TimeSpan now) => AffinityMachine.Decide(
            Good(Cookie),
            new AffinityView { Pool = Pool, Backends = Statuses(Pool, Standings([true, true, true])), Holds = holds, Now = now },
            AffinityFailurePolicy.Redistribute,
            AffinityLifetime.Unlimited,
            Now).Outcome;
    }

    [Fact]
    public void Decide_OtherGeneration_IsLeftAndTheNewOneMayBeTheSuccessor()
    {
        var replaced = PoolOf("shop", ("b", 1, 3));
        var decision = Decide(Good(Cookie), replaced, Standings([true]), []);
        Assert.Equal(new AffinityDecision(AffinityOutcome.Move, 0, Cookie.MovedTo("b", 3, Now), true), decision);
    }

    [Fact]
    public void Decide_Move_KeepsTheSessionAndRaisesItsEpoch()
    {
        var decision = Decide(Good(Cookie), Pool, Standings([true, false, false]), []);
        Assert.Equal(Cookie with { BackendId = "a", Generation = 1, Epoch = 5, LastSeen = Now }, decision.Cookie);
        Assert.True(decision.SendCookie);
    }

    [Fact]
    public void Decide_NoSuccessor_Balances() =>
        Assert.Equal(AffinityOutcome.Balance, Decide(Good(Cookie), Pool, Standings(new bool[3]), []).Outcome);

    [Theory]
    [InlineData(AffinityFailurePolicy.Redistribute)]
    [InlineData(AffinityFailurePolicy.Return503Error)]
    public void Decide_BadCookie_BalancesWhateverThePolicy(AffinityFailurePolicy policy)
    {
        foreach (var rejection in Enum.GetValues<AffinityRejection>().Where(static r => r != AffinityRejection.None))
            Assert.Equal(AffinityOutcome.Balance, Decide(AffinityOpening.Rejected(rejection), Pool, Standings([true, true, true]), [], policy).Outcome);
    }

    [Fact]
    public void Decide_Return503AndBackendDown_RefusesUntilItIsBack()
    {
        var down = Decide(Good(Cookie), Pool, Standings([true, false, true]), [], AffinityFailurePolicy.Return503Error);
        var back = Decide(Good(Cookie), Pool, Standings([true, true, true]), [], AffinityFailurePolicy.Return503Error);
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
            Decide(opening, Pool, Standings([true, true, true]), [], AffinityFailurePolicy.Return503Error).Outcome));
    }

    [Theory]
    [InlineData(0, 10, false, false)]
    [InlineData(0, 10, true, true)]
    [InlineData(100, 9, false, false)]
    [InlineData(100, 10, false, true)]
    public void Decide_Keep_SendsACookieWhenTheOldOneAges(int idleSeconds, int unseenSeconds, bool oldKey, bool sent)
    {
        var opening = new AffinityOpening(AffinityRejection.None, Cookie with { LastSeen = Now - unseenSeconds }, oldKey);
        var view = View(Pool, Standings([true, true, true]), []);
        var decision = AffinityMachine.Decide(opening, view, AffinityFailurePolicy.Redistribute, new AffinityLifetime(TimeSpan.Zero, TimeSpan.FromSeconds(idleSeconds)), Now);
        Assert.Equal(sent, decision.SendCookie);
        Assert.Equal(Cookie with { LastSeen = Now }, decision.Cookie);
    }

    private static AffinityDecision Decide(
        AffinityOpening opening,
        PoolDefinition pool,
        Standing[] standings,
        bool[] refused,
        AffinityFailurePolicy policy = AffinityFailurePolicy.Redistribute) =>
        AffinityMachine.Decide(opening, View(pool, standings, refused), policy, AffinityLifetime.Unlimited, Now);

    private static AffinityView View(PoolDefinition pool, Standing[] standings, bool[] refused)
    {
        var holds = new LocalHolds([.. pool.Backends.Select(static backend => backend.Key)]);
        for (var i = 0; i < refused.Length; i++)
        {
            if (refused[i])
                holds.Hold(i, TimeSpan.Zero);
        }

        return new AffinityView { Pool = pool, Backends = Statuses(pool, standings), Holds = holds };
    }

    private static BackendStatus[] Statuses(PoolDefinition pool, Standing[] standings) =>
    [
        .. pool.Backends.Zip(standings, static (backend, standing) => new BackendStatus(
            backend.Key,
            BackendState.Unknown,
            TakesNew: standing == Standing.Open,
            TakesPinned: standing != Standing.Closed,
            ByPanic: false,
            Held: false)),
    ];

    private static AffinityOpening Good(AffinityCookie cookie) => new(AffinityRejection.None, cookie, false);

    private static AffinityOpening Bound(PoolDefinition pool, UInt128 session, int backend) =>
        Good(new AffinityCookie(pool.Id, pool.Backends[backend].Id, 1, 0, Now, Now, session));

    private static bool[] Only(int index) => [.. Enumerable.Range(0, Size).Select(i => i == index)];

    private static Standing[] Standings(bool[] open) => [.. open.Select(static yes => yes ? Standing.Open : Standing.Closed)];
}
