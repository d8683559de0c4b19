using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Diagnostics;
using OrleansLb.Grains.Events;
using OrleansLb.Grains.Frontends;
using OrleansLb.Grains.Health;

namespace OrleansLb.Grains.Backends;

/// <summary>One pool: what its backends are worth and what is in flight there, as every front-end shall see it.</summary>
[GrainType("pool"), KeepAlive]
internal sealed partial class PoolGrain(
    IConfigurationView configuration,
    FrontendWitnesses frontends,
    FrontendDirectoryFollower directory,
    HealthMetrics healthMetrics,
    ExchangeMetrics exchangeMetrics,
    SlotOwners slotOwners,
    ConcurrencyMetrics concurrencyMetrics,
    DrainInquiry drainInquiry,
    DrainMetrics drainMetrics,
    EventPublisher events,
    EventMetrics eventMetrics,
    IClusterMembershipService membership,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<PoolGrain> logger) : Grain, IPoolGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        StartHealth();
        StartLoad();
        StartDrains();
        StartHistory();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        StopHealth();
        concurrencyMetrics.Hide(PoolId);
        return Task.CompletedTask;
    }

    public ValueTask Touch() => default;

    private string PoolId => this.GetPrimaryKeyString();

    /// <summary>The pool as this silo's configuration has it; <see langword="null"/> when it has none of this name.</summary>
    private PoolDefinition? Definition => configuration.Current.Snapshot.Pools.GetValueOrDefault(PoolId);
}
