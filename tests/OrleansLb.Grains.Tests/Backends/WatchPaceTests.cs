using OrleansLb.Grains.Backends;

namespace OrleansLb.Grains.Tests.Backends;

public sealed class WatchPaceTests
{
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(5);
    private readonly WatchPace _pace = new();

    [Fact]
    public void IsDue_MembershipHasChanged_EveryTimeForTenSeconds()
    {
        Assert.True(_pace.IsDue(1, Start));
        _pace.Called(haveAllAnswered: true, Start + Seconds(9));
        Assert.True(_pace.IsDue(1, Start + Seconds(9.9)));
        Assert.False(_pace.IsDue(1, Start + Seconds(10)));
        Assert.True(_pace.IsDue(2, Start + Seconds(11)));
    }

    [Fact]
    public void IsDue_NothingHappens_EveryFourSeconds()
    {
        Settle();
        Assert.False(_pace.IsDue(1, Start + Seconds(23.9)));
        Assert.True(_pace.IsDue(1, Start + Seconds(24)));
    }

    [Fact]
    public void IsDue_OneWasSilent_EveryTimeUntilItAnswers()
    {
        Settle();
        _pace.Called(haveAllAnswered: false, Start + Seconds(20));
        Assert.True(_pace.IsDue(1, Start + Seconds(20)));
        _pace.Called(haveAllAnswered: true, Start + Seconds(21));
        Assert.False(_pace.IsDue(1, Start + Seconds(22)));
    }

    private void Settle()
    {
        _pace.IsDue(1, Start);
        _pace.Called(haveAllAnswered: true, Start + Seconds(20));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
