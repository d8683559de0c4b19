using OrleansLb.Configuration;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Registration;

namespace OrleansLb.Frontend.Tests;

/// <summary>What a front-end serves, as the test says and not the cluster.</summary>
internal sealed class FixedConfiguration : IConfigurationView, IServedConfiguration
{
    public event Action<CompiledConfiguration>? Changed;

    public CompiledConfiguration Current { get; private set; } = CompiledConfiguration.Empty;

    public long Version => Current.Snapshot.Version;

    public void Offer(long version)
    {
        // The test decides; no cluster has a newer one.
    }

    internal void Set(ClusterSnapshot snapshot)
    {
        Current = Current with { Snapshot = snapshot };
        Changed?.Invoke(Current);
    }
}
