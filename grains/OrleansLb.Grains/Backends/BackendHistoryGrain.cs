using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Grains.Hosting;

namespace OrleansLb.Grains.Backends;

/// <summary>
/// Keeps the last changes of one backend. A change is written at once unless another was written within ten seconds: a flapping backend
/// costs the store six writes a minute, and a killed silo those changes of the last ten seconds that followed another.
/// </summary>
[GrainType("backend-history")]
internal sealed partial class BackendHistoryGrain(
    [PersistentState("history", GrainsSiloBuilderExtensions.StorageName)] IPersistentState<BackendHistoryState> stored,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<BackendHistoryGrain> logger) : Grain, IBackendHistoryGrain
{
    private static readonly TimeSpan WritePeriod = TimeSpan.FromSeconds(10);

    private ImmutableArray<BackendStateChange> _changes = [];
    private IGrainTimer? _due;
    private long? _triedAt;
    private bool _isWritten = true;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _changes = [.. stored.State.Changes];
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!_isWritten)
            await Write();
    }

    public async ValueTask Add(ImmutableArray<BackendStateChange> changes)
    {
        var added = changes.Where(change => !_changes.Contains(change)).ToArray();
        if (added.Length == 0)
            return;
        _changes = Last([.. _changes, .. added]);
        _isWritten = false;
        if (_triedAt is { } before && clock.GetElapsedTime(before) < WritePeriod)
            WriteIn(WritePeriod - clock.GetElapsedTime(before));
        else
            await Write();
        if (!_isWritten)
            WriteIn(WritePeriod);
    }

    public ValueTask<ImmutableArray<BackendStateChange>> List() => new(_changes);

    private static ImmutableArray<BackendStateChange> Last(ImmutableArray<BackendStateChange> changes) =>
        changes.Length <= IBackendHistoryGrain.Capacity ? changes : changes[^IBackendHistoryGrain.Capacity..];

    private void WriteIn(TimeSpan time) => _due ??= this.RegisterGrainTimer(WriteWhenDue, new GrainTimerCreationOptions(time, WritePeriod));

    /// <summary>Once after the changes that came too soon, and then for as long as the store does not take them.</summary>
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
            stored.State = new BackendHistoryState { Changes = [.. _changes] };
            await stored.WriteStateAsync();
            _isWritten = true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Only people read it: the backend is served on, and the store is tried again.
            LogNotWritten(logger, this.GetPrimaryKeyString(), exception.Message);
            await Merge();
        }
    }

    /// <summary>After a failed write the store may hold what a twin of this grain wrote, on a silo that was cut off.</summary>
    private async Task Merge()
    {
        try
        {
            await stored.ReadStateAsync();
            _changes = Last([.. stored.State.Changes.Union(_changes).OrderBy(static change => change.When)]);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogNotWritten(logger, this.GetPrimaryKeyString(), exception.Message);
        }
    }
}
