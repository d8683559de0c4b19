using OrleansLb.Configuration;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin.Status;

/// <summary>A silo that does not know the configuration yet can neither watch backends nor decide limits.</summary>
internal sealed class ConfigurationReadinessCheck(IConfigurationView configuration) : IReadinessCheck
{
    public string Name => "configuration";

    public Readiness Check() => configuration.Current.Snapshot.Version is > 0 and var version
        ? Readiness.Ready($"following version {version}")
        : Readiness.NotReady("no configuration yet: none in the store, and no silo has submitted one");
}
