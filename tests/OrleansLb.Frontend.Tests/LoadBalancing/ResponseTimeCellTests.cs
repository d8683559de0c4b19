using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

public sealed class ResponseTimeCellTests
{
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(400)]
    public void Read_ObservedThisManyDaysAfterTheMachinesStart_IsWhatWasObserved(double days)
    {
        var cell = new ResponseTimeCell();
        cell.Observe(Took, TimeSpan.FromDays(days));
        Assert.Equal(1, cell.Read(TimeSpan.FromDays(days)), 1e-6);
        Assert.Equal(Math.Exp(-1), cell.Read(TimeSpan.FromDays(days) + Core.Balancing.PeakEwma.DefaultDecay), 1e-3);
    }

    [Fact]
    public void Read_AMomentBeforeTheLastOne_IsTheLastOne()
    {
        var cell = new ResponseTimeCell();
        cell.Observe(Took, TimeSpan.FromSeconds(10));
        Assert.Equal(1, cell.Read(TimeSpan.FromSeconds(9.99)), 1e-6);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(25)]
    [InlineData(40)]
    [InlineData(49)]
    public void Read_NothingForThisManyDays_HasFadedAway(double days)
    {
        var cell = new ResponseTimeCell();
        cell.Observe(Took, TimeSpan.FromSeconds(10));
        Assert.Equal(0, cell.Read(TimeSpan.FromSeconds(10) + TimeSpan.FromDays(days)), 1e-6);
    }
}
