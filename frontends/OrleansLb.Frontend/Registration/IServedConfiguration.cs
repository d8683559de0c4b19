namespace OrleansLb.Frontend.Registration;

/// <summary>The configuration version this front-end serves, and the way to say that a newer one exists.</summary>
public interface IServedConfiguration
{
    /// <summary>Version in force; 0 for none.</summary>
    long Version { get; }

    /// <summary>Says that the cluster has this version; a newer one than the served one is fetched in the background.</summary>
    /// <param name="version">Version that a silo named.</param>
    void Offer(long version);
}
