using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using static OrleansLb.Core.Tests.Concurrency.Keys.KeySlotFrontend;

namespace OrleansLb.Core.Tests.Concurrency.Keys;

public sealed class KeySlotArbiterTests
{
    private long _sequence;

    [Fact]
    public void Handle_NotNamed_KeepsWhatItHasUnlessTheReportIsWhole()
    {
        var range = Range(Rule(10));
        Assert.Equal(6, Ask(range, "a", new(0, 0, 6, 0)));
        range.Handle(Report("a", isWhole: false), Ms(1));
        Assert.Equal(4, Ask(range, "b", new(0, 0, 10, 0)));

        range.Handle(Report("a", isWhole: true), Ms(2));
        Assert.Equal(10, Ask(range, "b", new(4, 4, 6, 0)));
    }

    [Fact]
    public void Handle_ClaimsLessThanItWasGranted_TheRestIsFree()
    {
        var range = Range(Rule(10));
        Ask(range, "a", new(0, 0, 10, 0));
        Assert.Equal(0, Ask(range, "b", new(0, 0, 3, 0)));
        Ask(range, "a", new(8, 8, 0, 0));
        Assert.Equal(2, Ask(range, "b", new(0, 0, 3, 0)));
    }

    [Fact]
    public void Handle_RefusedWithoutAQueue_NothingIsKeptForThem()
    {
        var range = Range(Rule(10));
        Ask(range, "a", new(0, 0, 4, 0));
        Ask(range, "b", new(0, 0, 100, 0));
        Ask(range, "a", new(0, 0, 0, 0));
        Assert.Equal(4, Ask(range, "c", new(0, 0, 4, 0)));
    }

    [Fact]
    public void Handle_TableIsFull_NewKeysAreRefusedAndWhatIsHeldIsCounted()
    {
        var range = new KeySlotArbiter(Rule(10), 1, capacity: 2, [], isEverybody: true, Ms(0));
        Assert.Equal(1, Ask(range, "a", new(0, 0, 1, 0), key: 1));
        Assert.Equal(1, Ask(range, "a", new(0, 0, 1, 0), key: 2));
        Assert.Equal(0, Ask(range, "a", new(0, 0, 1, 0), key: 3));
        Ask(range, "a", new(0, 5, 0, 0), key: 4);
        Assert.Equal(5, range.Find(new RateLimitKey(4, 4))!.Value.Used);
        Ask(range, "a", new(0, 0, 0, 0), key: 1);
        Ask(range, "a", new(0, 0, 0, 0), key: 4);
        Assert.Equal(1, Ask(range, "a", new(0, 0, 1, 0), key: 3));
    }

    [Fact]
    public void Handle_FrontendSilentForALease_ItsSlotsAreFreeAndNotBefore()
    {
        var range = Range(Rule(10));
        Ask(range, "a", new(0, 0, 10, 0));
        Assert.Equal(0, Ask(range, "b", new(0, 0, 1, 0), at: SlotLease.Ttl.TotalMilliseconds));
        Assert.Equal(1, Ask(range, "b", new(0, 0, 1, 0), at: SlotLease.Ttl.TotalMilliseconds + 1));
    }

    [Fact]
    public void Handle_NotEverybodyIsKnown_NobodyGetsMoreThanHeHasForALease()
    {
        var range = Range(Rule(10), isEverybody: false);
        Assert.Equal(3, Ask(range, "a", new(3, 3, 5, 0)));
        Assert.Equal(0, Ask(range, "b", new(0, 0, 5, 0), at: SlotLease.Ttl.TotalMilliseconds - 1));
        Assert.Equal(5, Ask(range, "b", new(0, 0, 5, 0), at: SlotLease.Ttl.TotalMilliseconds));
    }

    [Theory]
    [InlineData(RateLimitMode.Exact, 100, 10, 1)]
    [InlineData(RateLimitMode.Leased, 100, 10, 50)]
    [InlineData(RateLimitMode.Auto, 100, 25, 50)]
    [InlineData(RateLimitMode.Auto, 100, 26, 1)]
    public void Handle_ByItsMode_GivesSlotsInReserve(RateLimitMode mode, int limit, int frontends, int amount)
    {
        var range = Range(Rule(limit, mode: mode));
        range.Observe(frontends);
        Assert.Equal(amount, Ask(range, "a", new(0, 0, 1, 1)));
        // One that wants none in reserve gets none.
        Assert.Equal(1, Ask(range, "b", new(0, 0, 1, 0)));
    }

    [Fact]
    public void Reconfigure_LowerLimit_TakesNothingAndGivesNothingUntilThereIsLess()
    {
        var range = Range(Rule(10));
        Ask(range, "a", new(0, 0, 8, 0));
        range.Reconfigure(Rule(5), 100);
        Assert.Equal(5, Ask(range, "a", new(8, 8, 0, 0)));
        Assert.Equal(0, Ask(range, "b", new(0, 0, 1, 0)));
        Ask(range, "a", new(4, 4, 0, 0));
        Assert.Equal(1, Ask(range, "b", new(0, 0, 1, 0)));
    }

    [Fact]
    public void MostUsed_SeveralKeys_TheMostHeldFirst()
    {
        var range = Range(Rule(10));
        for (var key = 1; key <= 3; key++)
            Ask(range, "a", new(0, 0, key, 0), key: key);
        Assert.Equal([(3.0, 7), (2.0, 8)], range.MostUsed(2).Select(static usage => (usage.Used, usage.Quota.Remaining)));
    }

    private int Ask(KeySlotArbiter range, string frontend, SlotNumbers numbers, int key = 1, double at = 1) =>
        range.Handle(Report(frontend, isWhole: false, new KeySlotClaim(new RateLimitKey((ulong)key, (ulong)key), numbers)), Ms(at))!.Grants[0].Amount;

    private KeySlotReport Report(string frontend, bool isWhole, params KeySlotClaim[] claims) =>
        new() { FrontendId = frontend, Incarnation = 1, Sequence = ++_sequence, LeastEpoch = 0, IsWhole = isWhole, Claims = claims };
}
