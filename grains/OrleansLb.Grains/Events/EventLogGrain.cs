using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Contracts.Events;
using OrleansLb.Core;
using OrleansLb.Grains.Hosting;

namespace OrleansLb.Grains.Events;

/// <summary>
/// Keeps the last events. They are written at once unless others were within a second: a storm of events costs the store one write of all that is kept a second, and a
/// killed silo those of the last second that followed others.
/// </summary>
[GrainType("event-log")]
internal sealed partial class EventLogGrain(
    [PersistentState("events", GrainsSiloBuilderExtensions.StorageName)] IPersistentState<EventLogState> stored,
    IOptions<EventOptions> options,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<EventLogGrain> logger) : Grain, IEventLogGrain
{
    private static readonly TimeSpan WritePeriod = TimeSpan.FromSeconds(1);

    private ImmutableArray<ClusterEvent> _events = [];
    private IGrainTimer? _due;
    private long? _triedAt;
    private bool _isWritten = true;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _events = Last([.. stored.State.Events]);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!_isWritten)
            await Write();
    }

    public async ValueTask Add(ImmutableArray<ClusterEvent> events)
    {
        var known = _events.Select(NameOf).ToHashSet();
        var added = events.Where(happened => known.Add(NameOf(happened))).ToArray();
        if (added.Length == 0 || options.Value.Keep == 0)
            return;
        _events = Last([.. _events, .. added]);
        _isWritten = false;
        if (_triedAt is { } before && clock.GetElapsedTime(before) < WritePeriod)
            WriteIn(WritePeriod - clock.GetElapsedTime(before));
        else
            await Write();
        if (!_isWritten)
            WriteIn(WritePeriod);
    }

    public ValueTask<ImmutableArray<ClusterEvent>> List() => new(_events);

    private static (string Source, long Sequence) NameOf(ClusterEvent happened) => (happened.Source, happened.Sequence);

    private ImmutableArray<ClusterEvent> Last(ImmutableArray<ClusterEvent> events) =>
        events.Length <= options.Value.Keep ? events : events[^options.Value.Keep..];

    private void WriteIn(TimeSpan time) => _due ??= this.RegisterGrainTimer(WriteWhenDue, new GrainTimerCreationOptions(time, WritePeriod));

    /// <summary>Once after the events that came too soon, and then for as long as the store does not take them.</summary>
    private async Task WriteWhenDue(CancellationToken cancellationToken)
    {
        await Write();
        if (!_isWritten)
            return;
        _due?.Dispose();
        _due = null;
    }

    private async Task Write()
    {
        _triedAt = clock.GetTimestamp();
        try
        {
            stored.State = new EventLogState { Events = [.. _events] };
            await stored.WriteStateAsync();
            _isWritten = true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Only people read it; the store is tried again.
            LogNotWritten(logger, exception.Message);
            await Merge();
        }
    }

    /// <summary>After a failed write the store may hold what a twin of this grain wrote, on a silo that was cut off.</summary>
    private async Task Merge()
    {
        try
        {
            await stored.ReadStateAsync();
            _events = Last([.. stored.State.Events.UnionBy(_events, NameOf).OrderBy(static happened => happened.Id)]);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogNotWritten(logger, exception.Message);
        }
    }
}
