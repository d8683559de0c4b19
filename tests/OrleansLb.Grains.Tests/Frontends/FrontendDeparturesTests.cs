using Microsoft.Extensions.Time.Testing;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Grains.Frontends;

namespace OrleansLb.Grains.Tests.Frontends;

public sealed class FrontendDeparturesTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FrontendDepartures _departures;

    public FrontendDeparturesTests() => _departures = new FrontendDepartures(_clock);

    [Fact]
    public void Add_FellSilent_IsListedWithItsAge()
    {
        _departures.Add(Entry(1) with { ShareParts = 3 }, TimeSpan.FromSeconds(1), mayBeAlive: true);
        _clock.Advance(TimeSpan.FromSeconds(4));

        var departure = Assert.Single(_departures.List());
        Assert.True(departure.MayBeAlive);
        Assert.Equal(3, departure.ShareParts);
        Assert.Equal(TimeSpan.FromSeconds(4), departure.Ago);
        Assert.Equal(TimeSpan.FromSeconds(5), departure.SinceProven);
    }

    [Fact]
    public void Returned_SameIncarnation_NeverWasAway()
    {
        _departures.Add(Entry(1), TimeSpan.Zero, mayBeAlive: true);
        _departures.Returned("fe", 1);

        Assert.Empty(_departures.List());
    }

    [Fact]
    public void Returned_HigherIncarnation_EarlierOneIsCertainlyDead()
    {
        _departures.Add(Entry(1), TimeSpan.Zero, mayBeAlive: true);
        _departures.Returned("fe", 2);

        Assert.False(Assert.Single(_departures.List()).MayBeAlive);
    }

    [Fact]
    public void Forget_OnlyThoseThatMayBeAlive_AreDeadFromThenOn()
    {
        _departures.Add(Entry(1), TimeSpan.Zero, mayBeAlive: true);
        Assert.False(_departures.Forget("other"));
        Assert.True(Assert.Single(_departures.List()).MayBeAlive);

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(_departures.Forget("fe"));
        // Until now it may have served, so that only from now on it is known what it admitted.
        Assert.Equal((false, TimeSpan.Zero), (Assert.Single(_departures.List()).MayBeAlive, Assert.Single(_departures.List()).Ago));
        Assert.False(_departures.Forget("fe"));
    }

    [Fact]
    public void Returned_HigherIncarnation_EarlierOneMayHaveServedUntilNow()
    {
        _departures.Add(Entry(1), TimeSpan.Zero, mayBeAlive: true);
        _clock.Advance(TimeSpan.FromMinutes(5));
        _departures.Returned("fe", 2);
        Assert.Equal((false, TimeSpan.Zero), (Assert.Single(_departures.List()).MayBeAlive, Assert.Single(_departures.List()).Ago));
    }

    [Fact]
    public void AddGone_NothingKnownOfIt_IsListedOnceAsGone()
    {
        _departures.AddGone("fe");
        _departures.AddGone("fe");
        Assert.False(Assert.Single(_departures.List()).MayBeAlive);
    }

    [Fact]
    public void List_ThreeDaysAndAnHourLater_IsEmpty()
    {
        _departures.Add(Entry(1), TimeSpan.Zero, mayBeAlive: true);
        _clock.Advance(TimeSpan.FromHours(72));
        Assert.Single(_departures.List());
        _clock.Advance(TimeSpan.FromHours(1.1));

        Assert.Empty(_departures.List());
    }

    [Theory]
    [InlineData(3, 3, 2)]
    [InlineData(0, 4, 4)]
    [InlineData(5, 0, 5)]
    public void Share_RepliesMayBeLost_CountsTheSmallestNumberOfParts(int reliedOn, int toldBefore, int smallest)
    {
        var share = default(FrontendShare);
        share.Tell(toldBefore);
        share.ReliedOn(reliedOn);
        if (smallest == 2)
            share.Tell(2);
        Assert.Equal(smallest, share.Smallest);
    }

    private static FrontendEntry Entry(long incarnation) => new("fe", incarnation, null!, 0, Draining: false);
}
