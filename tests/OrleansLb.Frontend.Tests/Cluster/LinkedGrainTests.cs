using System.Reflection;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Tests.Cluster;

public sealed class LinkedGrainTests
{
    private readonly Link _link = new();

    [Fact]
    public void Grain_NoWayToTheCluster_IsNone() => Assert.Null(new LinkedGrain<IFrontendGrain>(_link, "f1").Grain);

    [Fact]
    public void Grain_SameWay_IsFoundOnce()
    {
        var (grains, asked) = Grains();
        _link.Grains = grains;
        var linked = new LinkedGrain<IFrontendGrain>(_link, "f1");

        Assert.Same(linked.Grain, linked.Grain);
        Assert.Equal(["f1"], asked);
    }

    [Fact]
    public void Grain_AnotherWay_IsFoundAnew()
    {
        var linked = new LinkedGrain<IFrontendGrain>(_link, "f1");
        _link.Grains = Grains().Grains;
        var before = linked.Grain;
        var (grains, asked) = Grains();
        _link.Grains = grains;

        Assert.NotSame(before, linked.Grain);
        Assert.Equal(["f1"], asked);
    }

    private static (IGrainFactory Grains, List<string> Asked) Grains()
    {
        var asked = new List<string>();
        return (FoundGrains.By(key =>
        {
            asked.Add(key);
            return DispatchProxy.Create<IFrontendGrain, FoundGrains>();
        }), asked);
    }

    private sealed class Link : IClusterLink
    {
        public IGrainFactory? Grains { get; set; }

        public Task Linked => Task.CompletedTask;
    }
}
