using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Tests;

/// <summary>A cluster that is there from the start.</summary>
internal sealed class FixedClusterLink(IGrainFactory grains) : IClusterLink
{
    public IGrainFactory? Grains => grains;

    public Task Linked => Task.CompletedTask;
}
