using System.Collections.Immutable;

namespace OrleansLb.Grains.Storage;

/// <summary>
/// Keeps the last entries of something for people to read. They are written at once unless others were written within a period: a storm of them costs the store one write
/// of all that is kept a period, and a killed silo those of the last period that followed others.
/// </summary>
/// <typeparam name="TEntry">What is kept.</typeparam>
/// <typeparam name="TName">What an entry is known by: one of a name that is kept already is not added again.</typeparam>
/// <param name="clock">Measures the period.</param>
/// <param name="period">The shortest time between two writes.</param>
/// <param name="capacity">The most entries that are kept; with none nothing is ever written.</param>
internal abstract class LastEntriesGrain<TEntry, TName>(TimeProvider clock, TimeSpan period, int capacity) : Grain
{
    private ImmutableArray<TEntry> _entries = [];
    private IGrainTimer? _due;
    private long? _triedAt;
    private bool _isWritten = true;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _entries = Last(Stored);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!_isWritten)
            await Write();
    }

    public async ValueTask Add(ImmutableArray<TEntry> entries)
    {
        var known = _entries.Select(NameOf).ToHashSet();
        var added = entries.Where(entry => known.Add(NameOf(entry))).ToArray();
        if (added.Length == 0 || capacity == 0)
            return;
        _entries = Last([.. _entries, .. added]);
        _isWritten = false;
        if (_triedAt is { } before && clock.GetElapsedTime(before) < period)
            WriteIn(period - clock.GetElapsedTime(before));
        else
            await Write();
        if (!_isWritten)
            WriteIn(period);
    }

    public ValueTask<ImmutableArray<TEntry>> List() => new(_entries);

    /// <summary>What the state holds, as it was read or written last.</summary>
    protected abstract ImmutableArray<TEntry> Stored { get; }

    /// <summary>What an entry is known by.</summary>
    protected abstract TName NameOf(TEntry entry);

    /// <summary>Entries of two writers in the order in which they happened.</summary>
    protected abstract IEnumerable<TEntry> InOrder(IEnumerable<TEntry> entries);

    /// <summary>Writes the entries as the state; it throws when the store does not take them.</summary>
    protected abstract Task Store(ImmutableArray<TEntry> entries);

    /// <summary>Reads the state again; it throws when the store does not answer.</summary>
    protected abstract Task Restore();

    /// <summary>Says that the store did not answer and will be tried again.</summary>
    protected abstract void SayNotWritten(string reason);

    private ImmutableArray<TEntry> Last(ImmutableArray<TEntry> entries) => entries.Length <= capacity ? entries : entries[^capacity..];

    private void WriteIn(TimeSpan time) => _due ??= this.RegisterGrainTimer(WriteWhenDue, new GrainTimerCreationOptions(time, period));

    /// <summary>Once after the entries that came too soon, and then for as long as the store does not take them.</summary>
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
            await Store(_entries);
            _isWritten = true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Only people read it: whoever adds is served on, and the store is tried again.
            SayNotWritten(exception.Message);
            await Merge();
        }
    }

    /// <summary>After a failed write the store may hold what a twin of this grain wrote, on a silo that was cut off.</summary>
    private async Task Merge()
    {
        try
        {
            await Restore();
            _entries = Last([.. InOrder(Stored.UnionBy(_entries, NameOf))]);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            SayNotWritten(exception.Message);
        }
    }
}
