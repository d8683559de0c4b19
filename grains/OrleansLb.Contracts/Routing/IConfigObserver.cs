namespace OrleansLb.Contracts.Routing;

/// <summary>A silo that follows the configuration. A push may be lost: silos also ask every second.</summary>
[Alias("OrleansLb.IConfigObserver"), GrainInterfaceType("OrleansLb.Contracts.Routing.IConfigObserver")]
public interface IConfigObserver : IGrainObserver
{
    /// <summary>A newer configuration is in force.</summary>
    /// <param name="version">Its version.</param>
    [Alias("ConfigurationChanged"), ResponseTimeout("00:00:01")]
    Task ConfigurationChanged(long version);
}
