using OrleansLb.Configuration;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>A front-end without any configuration can only answer 503.</summary>
internal sealed class ConfigurationReadinessCheck(IConfigurationView configuration) : IReadinessCheck
{
    public string Name => "configuration";

    public Readiness Check() => configuration.Current.Snapshot.Version is > 0 and var version
        ? Readiness.Ready($"serving version {version}")
        : Readiness.NotReady("no configuration yet: no snapshot on disk and no answer from a silo");
}
