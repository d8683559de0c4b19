using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Tests;

/// <summary>A cluster that never answers.</summary>
internal sealed class NoClusterLink : IClusterLink
{
    public IGrainFactory? Grains => null;

    public Task Linked { get; } = new TaskCompletionSource().Task;
}
