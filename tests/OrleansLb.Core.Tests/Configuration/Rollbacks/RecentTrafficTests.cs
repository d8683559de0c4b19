using OrleansLb.Core.Configuration.Rollbacks;

namespace OrleansLb.Core.Tests.Configuration.Rollbacks;

public sealed class RecentTrafficTests
{
    private readonly RecentTraffic _recent = new();
    private RequestCount _count;
    private int _second;

    [Fact]
    public void Worse_FirstSight_IsNoNews()
    {
        _count = new RequestCount(1_000_000, 500_000);
        Pass(0, 0);

        Assert.Null(_recent.Worse(1));
    }

    [Fact]
    public void Worse_TooFew_IsNotKnown()
    {
        Pass(0, 0);
        Pass(99, 99);

        Assert.Null(_recent.Worse(100));
        Pass(1, 0);
        Assert.Equal(new RequestCount(100, 99), _recent.Worse(100));
    }

    [Fact]
    public void Worse_FailsSinceThreeSeconds_IsThoseThree()
    {
        Pass(0, 0);
        for (var i = 0; i < 40; i++)
            Pass(100, 0);
        for (var i = 0; i < 4; i++)
            Pass(100, 100);

        Assert.Equal(new RequestCount(400, 400), _recent.Worse(100));
    }

    [Fact]
    public void Worse_FailsSinceASecond_ShowsInTheThree()
    {
        Pass(0, 0);
        for (var i = 0; i < 40; i++)
            Pass(100, 0);
        Pass(100, 100);

        Assert.Equal(new RequestCount(400, 100), _recent.Worse(100));
    }

    [Fact]
    public void Worse_IsWellAgain_IsTheWholeMinute()
    {
        Pass(0, 0);
        for (var i = 0; i < 10; i++)
            Pass(100, 50);
        for (var i = 0; i < 10; i++)
            Pass(100, 0);

        Assert.Equal(new RequestCount(2_000, 500), _recent.Worse(100));
    }

    [Fact]
    public void Worse_WhatIsOlderThanAMinute_IsForgotten()
    {
        Pass(0, 0);
        Pass(100, 100);
        for (var i = 0; i < 61; i++)
            Pass(10, 0);

        Assert.Equal(new RequestCount(610, 0), _recent.Worse(100));
    }

    [Fact]
    public void Worse_AfterAnotherIncarnationOrVersion_CountsOnlyWhatBothLooksHave()
    {
        Look(new("fe", 1, 5, default, new(1_000, 0)));
        Look(new("fe", 2, 5, default, new(900, 900)));
        Look(new("fe", 2, 6, default, new(800, 800)));
        Look(new("fe", 2, 4, default, new(700, 700)));
        Assert.Null(_recent.Worse(1));

        Look(new("fe", 2, 6, default, new(810, 801)));
        Look(new("fe", 2, 6, default, new(820, 802)));
        Assert.Equal(new RequestCount(10, 1), _recent.Worse(1));

        _recent.Clear();
        Assert.Null(_recent.Worse(1));
    }

    private void Pass(long requests, long failed)
    {
        _count += new RequestCount(requests, failed);
        Look(new FrontendTraffic("fe", 1, 5, default, _count));
    }

    private void Look(FrontendTraffic traffic) => _recent.Observe([traffic], version: 5, TimeSpan.FromSeconds(_second++));
}
