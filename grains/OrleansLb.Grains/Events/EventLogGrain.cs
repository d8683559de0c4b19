using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Contracts.Events;
using OrleansLb.Core;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Storage;

namespace OrleansLb.Grains.Events;

/// <summary>Keeps the last events. A storm of events costs the store one write a second.</summary>
[GrainType("event-log")]
internal sealed partial class EventLogGrain(
    [PersistentState("events", GrainsSiloBuilderExtensions.StorageName)] IPersistentState<EventLogState> stored,
    IOptions<EventOptions> options,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<EventLogGrain> logger) : LastEntriesGrain<ClusterEvent, (string Source, long Sequence)>(clock, WritePeriod, options.Value.Keep), IEventLogGrain
{
    private static readonly TimeSpan WritePeriod = TimeSpan.FromSeconds(1);

    protected override ImmutableArray<ClusterEvent> Stored => [.. stored.State.Events];

    protected override (string Source, long Sequence) NameOf(ClusterEvent entry) => (entry.Source, entry.Sequence);

    protected override IEnumerable<ClusterEvent> InOrder(IEnumerable<ClusterEvent> entries) => entries.OrderBy(static happened => happened.Id);

    protected override Task Store(ImmutableArray<ClusterEvent> entries)
    {
        stored.State = new EventLogState { Events = [.. entries] };
        return stored.WriteStateAsync();
    }

    protected override Task Restore() => stored.ReadStateAsync();

    protected override void SayNotWritten(string reason) => LogNotWritten(logger, reason);
}
