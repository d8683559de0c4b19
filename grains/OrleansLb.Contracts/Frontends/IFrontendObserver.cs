namespace OrleansLb.Contracts.Frontends;

/// <summary>
/// How silos call a front-end. Every push may be lost: each has a version that a later exchange or heartbeat repairs.
/// </summary>
[Alias("OrleansLb.IFrontendObserver")]
public interface IFrontendObserver : IGrainObserver
{
    /// <summary>A newer configuration has been accepted.</summary>
    /// <param name="version">Its version.</param>
    [Alias("ConfigurationChanged"), ResponseTimeout("00:00:01")]
    Task ConfigurationChanged(long version);
}
