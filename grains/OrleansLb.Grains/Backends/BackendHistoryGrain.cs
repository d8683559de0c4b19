using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Storage;

namespace OrleansLb.Grains.Backends;

/// <summary>Keeps the last changes of one backend. A flapping one costs the store six writes a minute.</summary>
[GrainType("backend-history")]
internal sealed partial class BackendHistoryGrain(
    [PersistentState("history", GrainsSiloBuilderExtensions.StorageName)] IPersistentState<BackendHistoryState> stored,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<BackendHistoryGrain> logger)
    : LastEntriesGrain<BackendStateChange, BackendStateChange>(clock, WritePeriod, IBackendHistoryGrain.Capacity), IBackendHistoryGrain
{
    private static readonly TimeSpan WritePeriod = TimeSpan.FromSeconds(10);

    protected override ImmutableArray<BackendStateChange> Stored => [.. stored.State.Changes];

    protected override BackendStateChange NameOf(BackendStateChange entry) => entry;

    protected override IEnumerable<BackendStateChange> InOrder(IEnumerable<BackendStateChange> entries) => entries.OrderBy(static change => change.When);

    protected override Task Store(ImmutableArray<BackendStateChange> entries)
    {
        stored.State = new BackendHistoryState { Changes = [.. entries] };
        return stored.WriteStateAsync();
    }

    protected override Task Restore() => stored.ReadStateAsync();

    protected override void SayNotWritten(string reason) => LogNotWritten(logger, this.GetPrimaryKeyString(), reason);
}
