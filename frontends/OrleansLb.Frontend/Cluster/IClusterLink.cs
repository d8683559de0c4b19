namespace OrleansLb.Frontend.Cluster;

/// <summary>
/// The way to the grains. It may be missing at any time: no caller waits for it on the request path, and a front-end without it
/// serves from its last snapshot.
/// </summary>
public interface IClusterLink
{
    /// <summary>Calls grains; <see langword="null"/> until the first silo has answered.</summary>
    IGrainFactory? Grains { get; }

    /// <summary>Completes when <see cref="Grains"/> is set for the first time.</summary>
    Task Linked { get; }
}
