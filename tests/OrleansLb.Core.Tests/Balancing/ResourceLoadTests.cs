using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class ResourceLoadTests
{
    private static readonly ResourceLoadRules Rules = ResourceLoadRules.Default;

    [Theory]
    [InlineData(100, 0, 0.5, 200)]
    [InlineData(100, 10, 0.4, 200)]
    [InlineData(100, -10, 0.5, 200)]
    [InlineData(100, double.NaN, 0.5, 200)]
    [InlineData(50, 0, 2, 25)]
    public void Observe_Report_GivesWhatTheBackendWouldServeWhenFull(double requests, double failures, double utilization, double weight) =>
        Assert.Equal(weight, ResourceLoad.None.Observe(requests, failures, utilization, Seconds(1), Rules).Weight, 1e-9);

    [Fact]
    public void Observe_PenaltyIsAFactor()
    {
        var report = ResourceLoad.None;
        Assert.Equal(100, report.Observe(100, 25, 0.5, Seconds(1), Rules with { ErrorPenalty = 2 }).Weight, 1e-9);
        Assert.Equal(200, report.Observe(100, 25, 0.5, Seconds(1), Rules with { ErrorPenalty = 0 }).Weight, 1e-9);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(100, 0)]
    [InlineData(-1, 0.5)]
    [InlineData(100, -0.5)]
    [InlineData(double.NaN, 0.5)]
    [InlineData(100, double.NaN)]
    [InlineData(double.PositiveInfinity, 0.5)]
    [InlineData(100, double.PositiveInfinity)]
    public void Observe_UselessReport_ChangesNothing(double requests, double utilization)
    {
        var load = ResourceLoad.None.Observe(100, 0, 0.5, Seconds(1), Rules);
        Assert.Equal(load, load.Observe(requests, 0, utilization, Seconds(30), Rules));
    }

    [Fact]
    public void Read_DuringTheBlackout_IsNone()
    {
        var load = ResourceLoad.None.Observe(100, 0, 0.5, Seconds(1000), Rules);
        Assert.Equal(0, load.Read(Seconds(1009.9), Rules));
        load = load.Observe(300, 0, 0.5, Seconds(1005), Rules);
        Assert.Equal(0, load.Read(Seconds(1009.9), Rules));
        Assert.Equal(600, load.Read(Seconds(1010), Rules));
    }

    [Fact]
    public void Read_Expired_IsNoneAndTheBlackoutAppliesAnew()
    {
        var load = ResourceLoad.None.Observe(100, 0, 0.5, Seconds(1000), Rules).Observe(100, 0, 0.5, Seconds(1010), Rules);
        Assert.Equal(200, load.Read(Seconds(1189.9), Rules));
        Assert.Equal(0, load.Read(Seconds(1190), Rules));
        load = load.Observe(100, 0, 0.5, Seconds(1190), Rules);
        Assert.Equal(0, load.Read(Seconds(1199), Rules));
        Assert.Equal(200, load.Read(Seconds(1200), Rules));
    }

    [Fact]
    public void Fill_WithoutReports_GetTheMeanOfTheOthers()
    {
        ResourceLoad[] loads = [Old(100), ResourceLoad.None, Old(300), new ResourceLoad(5000, Seconds(995), Seconds(995))];
        var weights = new double[4];
        ResourceWeights.Fill(loads, [1, 2, 3, 4], Seconds(1000), Rules, weights);
        Assert.Equal([100, 200, 300, 200], weights);
    }

    [Fact]
    public void Fill_OneOrNoneReports_AreTheConfiguredWeights()
    {
        var weights = new double[3];
        ResourceWeights.Fill([ResourceLoad.None, Old(7), ResourceLoad.None], [5, 1, 2], Seconds(1000), Rules, weights);
        Assert.Equal([5, 1, 2], weights);
        ResourceWeights.Fill([ResourceLoad.None, ResourceLoad.None, ResourceLoad.None], [5, 1, 2], Seconds(1000), Rules, weights);
        Assert.Equal([5, 1, 2], weights);
    }

    [Fact]
    public void EveryReportGivesAUsableWeight() =>
        Gen.Select(Weights.GenAnything, Weights.GenAnything, Weights.GenAnything).Sample(static (requests, failures, utilization) =>
        {
            var weights = new double[2];
            ResourceWeights.Fill([ResourceLoad.None.Observe(requests, failures, utilization, Seconds(1), Rules), Old(3)], [1, 1], Seconds(20), Rules, weights);
            return weights.All(static weight => weight > 0 && double.IsFinite(weight));
        });

    private static ResourceLoad Old(double weight) => new(weight, Seconds(0), Seconds(999));

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
