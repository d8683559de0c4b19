namespace OrleansLb.Frontend.Cluster;

/// <summary>The link of a front-end that lives in a silo's process, or of an application with a client of its own.</summary>
/// <param name="grains">The silo's or the client's grain factory.</param>
internal sealed class CoHostedClusterLink(IGrainFactory grains) : IClusterLink
{
    public IGrainFactory Grains => grains;

    public Task Linked => Task.CompletedTask;
}
