using CsCheck;
using OrleansLb.Core.Concurrency;

namespace OrleansLb.Core.Tests.Concurrency;

public sealed class SlotArbiterTests
{
    private readonly SlotExchange _pool = new();

    [Fact]
    public void Handle_LoneFrontend_GetsAllThatItNeeds()
    {
        _pool.Exchange("a", waiting: 10);

        Assert.Equal(10, _pool.Enter("a", 20));
    }

    [Fact]
    public void Handle_AnotherNeedsSlots_TheyMoveWithinTwoExchangesOfEach()
    {
        _pool.Exchange("a", waiting: 10);
        _pool.Enter("a", 10);
        _pool.Exchange("a", waiting: 10);
        _pool.Exchange("b", waiting: 20);

        _pool.Exchange("a", waiting: 10);
        _pool.Leave("a", 10);
        Assert.Equal(5, _pool.Enter("a", 10));
        _pool.Exchange("a", waiting: 5);
        _pool.Exchange("b", waiting: 20);

        Assert.InRange(_pool.Enter("b", 20), 4, 5);
    }

    [Fact]
    public void Handle_SlotsNotGivenBackYet_NobodyElseGetsThem()
    {
        _pool.Exchange("a", waiting: 10);
        _pool.Enter("a", 10);
        _pool.Exchange("b", waiting: 5);
        _pool.Exchange("a", waiting: 10);
        _pool.Leave("a", 10);

        _pool.Exchange("b", waiting: 5);

        Assert.Equal(0, _pool.Enter("b", 5));
    }

    [Fact]
    public void Handle_AnswerLost_ItsSlotsAreCountedUntilItSaysThatItDoesNotHaveThem()
    {
        var lost = _pool.Holder("a").Begin([10], false, _pool.Now);
        Assert.Equal(10, _pool.Arbiter.Handle(lost, _ => 10, _pool.Now)!.Grants[0].Amount);

        _pool.Exchange("b", waiting: 10);
        Assert.Equal(0, _pool.Enter("b", 10));
        _pool.Exchange("a", isLeaving: true);
        _pool.Exchange("b", waiting: 10);

        Assert.Equal(10, _pool.Enter("b", 10));
    }

    [Fact]
    public void Handle_Repeated_IsNotAnswered()
    {
        var report = _pool.Holder("a").Begin([1], false, _pool.Now);

        Assert.NotNull(_pool.Arbiter.Handle(report, _ => 10, _pool.Now));
        Assert.Null(_pool.Arbiter.Handle(report, _ => 10, _pool.Now));
    }

    [Fact]
    public void Handle_FrontendKilled_ItsSlotsAreFreeAfterTheLeaseTimeAndNotBefore()
    {
        _pool.Exchange("a", waiting: 10);

        _pool.Now += SlotLease.Ttl - TimeSpan.FromMilliseconds(1);
        _pool.Exchange("b", waiting: 10);
        Assert.Equal(0, _pool.Enter("b", 10));
        _pool.Now += TimeSpan.FromMilliseconds(1);
        _pool.Exchange("b", waiting: 10);

        Assert.Equal(10, _pool.Enter("b", 10));
    }

    [Fact]
    public void Handle_FrontendLeaves_ItsSlotsAreFreeAtOnce()
    {
        _pool.Exchange("a", waiting: 10);

        _pool.Exchange("a", isLeaving: true);
        _pool.Exchange("b", waiting: 10);

        Assert.Equal(0, _pool.Enter("a", 1));
        Assert.Equal(10, _pool.Enter("b", 10));
    }

    [Fact]
    public void Handle_RestartedFrontend_SlotsOfItsFormerLifeStayCounted()
    {
        _pool.Exchange("a", waiting: 10);

        var answer = _pool.Arbiter.Handle(Report("a", 2, 1, 0, waiting: 10), _ => 10, _pool.Now)!;

        Assert.Equal(0, answer.Grants[0].Amount);
    }

    [Fact]
    public void Handle_RequestsThatOutlivedTheirLease_AreCountedWhenTheirFrontendIsBack()
    {
        _pool.Exchange("a", waiting: 4);
        _pool.Enter("a", 4);
        _pool.Now += SlotLease.Ttl;
        _pool.Exchange("b", waiting: 10);
        _pool.Enter("b", 10);

        _pool.Exchange("a", waiting: 5);
        _pool.Leave("b", 3);
        _pool.Exchange("b", waiting: 3);

        Assert.Equal(0, _pool.Enter("a", 1));
        Assert.Equal(0, _pool.Enter("b", 3));
    }

    [Fact]
    public void Handle_ReportOlderThanTheEndOfItsLease_KeepsNothingFromOthers()
    {
        _pool.Exchange("a", waiting: 10);
        var late = _pool.Holder("a").Begin([0], false, _pool.Now);
        _pool.Now += SlotLease.Ttl;
        _pool.Exchange("b", waiting: 10);
        _pool.Enter("b", 10);

        _pool.Arbiter.Handle(late, _ => 10, _pool.Now);
        _pool.Exchange("b");

        Assert.Equal(10, _pool.Gate("b").Allowed);
    }

    [Fact]
    public void Handle_LimitLowered_SlotsBeyondItAreTakenBack()
    {
        _pool.Exchange("a", waiting: 10);
        _pool.Enter("a", 10);
        _pool.Limit = 3;
        _pool.Exchange("a");

        _pool.Leave("a", 10);

        Assert.Equal(3, _pool.Enter("a", 10));
    }

    [Fact]
    public void Handle_NewActivation_LetsEverybodyKeepWhatItHasAndHandsOutNothing()
    {
        _pool.Exchange("a", waiting: 6);
        var held = _pool.Gate("a").Allowed;
        _pool.Arbiter = new SlotArbiter(2, _pool.Now);

        _pool.Exchange("b", waiting: 4);
        _pool.Exchange("a", waiting: 10);

        Assert.Equal(0, _pool.Enter("b", 4));
        Assert.Equal(held, _pool.Gate("a").Allowed);
        Assert.InRange(held, 6, 9);
        Assert.False(_pool.Arbiter.IsComplete);
    }

    [Fact]
    public void Handle_NewActivationAfterALease_HandsOutWhatNobodyRenewed()
    {
        _pool.Exchange("a", waiting: 6);
        _pool.Arbiter = new SlotArbiter(2, _pool.Now);

        _pool.Now += SlotLease.Ttl;
        _pool.Exchange("b", waiting: 10);

        Assert.Equal(10, _pool.Enter("b", 10));
    }

    [Fact]
    public void Observe_EverybodyAnsweredToThisActivation_ItHandsOut()
    {
        SlotOwner[] registered = [new("a", 1), new("b", 1)];
        _pool.Exchange("a", waiting: 6);
        _pool.Exchange("b");
        _pool.Arbiter = new SlotArbiter(2, _pool.Now);

        _pool.Exchange("a", waiting: 6);
        _pool.Exchange("b", waiting: 4);
        _pool.Arbiter.Observe(registered, isEverybody: true, _pool.Now);
        // The first reports may have been under way for long.
        Assert.False(_pool.Arbiter.IsComplete);
        _pool.Exchange("a", waiting: 6);
        _pool.Exchange("b", waiting: 4);
        _pool.Arbiter.Observe(registered, isEverybody: false, _pool.Now);
        Assert.False(_pool.Arbiter.IsComplete);
        _pool.Arbiter.Observe(registered, isEverybody: true, _pool.Now);
        Assert.True(_pool.Arbiter.IsComplete);
        _pool.Exchange("b", waiting: 4);
        _pool.Exchange("a", waiting: 6);
        _pool.Exchange("a", waiting: 6);
        _pool.Exchange("b", waiting: 4);

        Assert.Equal(4, _pool.Enter("b", 10));
    }

    [Fact]
    public void Handle_ShareParts_AreTheFrontendsThatAreThere()
    {
        _pool.Exchange("a");
        _pool.Exchange("b");

        Assert.Equal(2, _pool.Exchange("a")!.ShareParts);
        _pool.Arbiter.Observe([new("a", 1), new("b", 1), new("c", 1)], isEverybody: true, _pool.Now);
        Assert.Equal(3, _pool.Exchange("a")!.ShareParts);
    }

    [Fact]
    public void Handle_LimitNotKnown_EverybodyKeepsWhatItHasAndNobodyGetsMore()
    {
        var held = _pool.Exchange("a", waiting: 4)!.Grants[0].Amount;
        // That there is a limit the other one knows as well.
        Assert.Equal(0, _pool.Gate("b").Allowed);
        _pool.Limit = null;

        Assert.InRange(held, 4, 9);
        Assert.Equal(held, _pool.Exchange("a", waiting: 9)!.Grants[0].Amount);
        Assert.Equal(0, _pool.Exchange("b", waiting: 9)!.Grants[0].Amount);
    }

    [Fact]
    public void Handle_LimitLoweredAndRaised_IsSharedAsItIs()
    {
        Rounds(waiting: 20);
        Assert.Equal(10, _pool.Gate("a").Allowed + _pool.Gate("b").Allowed);

        _pool.Limit = 3;
        Rounds(waiting: 20);
        Assert.Equal(3, _pool.Gate("a").Allowed + _pool.Gate("b").Allowed);

        _pool.Limit = SlotLimit.Most;
        Rounds(waiting: 20);
        Assert.True(_pool.Gate("a").Allowed >= 20 && _pool.Gate("b").Allowed >= 20);

        _pool.Limit = 2;
        Rounds(waiting: 20);
        Assert.Equal(2, _pool.Gate("a").Allowed + _pool.Gate("b").Allowed);
    }

    [Fact]
    public void Handle_AnyReports_NeverThrowsAndGrantsNoMoreThanTheLimit() =>
        Gen.Select(Gen.Int[0, 3], Gen.Long[-2, 8], Gen.Bool, Gen.Int[-5, 50], Reports.Array[0, 4]).Array[1, 40].Sample(static steps =>
        {
            var arbiter = new SlotArbiter(1, -SlotLease.Ttl);
            var now = TimeSpan.Zero;
            foreach (var (frontend, sequence, leaving, limit, claims) in steps)
            {
                now += TimeSpan.FromMilliseconds(Math.Abs(sequence) * 100);
                var report = Report($"f{frontend}", 1, sequence, 0) with { IsLeaving = leaving, Claims = claims };
                if (arbiter.Handle(report, _ => limit, now) is { } answer)
                    Assert.All(answer.Grants, grant => Assert.InRange(grant.Amount, 0, Math.Max(0, limit)));
            }
        });

    private void Rounds(int waiting)
    {
        for (var round = 0; round < 4; round++)
        {
            _pool.Exchange("a", waiting);
            _pool.Exchange("b", waiting);
        }
    }

    private static readonly Gen<SlotClaim> Reports = Gen.Select(Gen.ULong[0, 2], Gen.Int, Gen.Int, Gen.Int, Gen.Int)
        .Select(static each => new SlotClaim(new BackendKey(each.Item1), each.Item2, each.Item3, each.Item4, each.Item5));

    private static SlotReport Report(string frontend, long incarnation, long sequence, long epoch, int waiting = 0) => new()
    {
        FrontendId = frontend,
        Incarnation = incarnation,
        Sequence = sequence,
        AckedEpoch = epoch,
        Claims = [new SlotClaim(SlotExchange.Backend, 0, 0, waiting, 0)],
    };
}
