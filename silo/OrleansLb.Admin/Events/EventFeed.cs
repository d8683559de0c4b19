using System.Collections.Immutable;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Events;

/// <summary>The last events: those that were kept when this silo started, and those that it heard of since; and those who read along.</summary>
internal sealed class EventFeed(EventFeedMetrics metrics)
{
    /// <summary>How many events are kept.</summary>
    public const int Capacity = 1000;

    /// <summary>How many may read along at once.</summary>
    public const int MostReaders = 64;

    /// <summary>Silos, dead ones included, whose last event is remembered to tell repetitions.</summary>
    private const int MostSources = 256;

    private readonly Lock _gate = new();
    private readonly List<ClusterEvent> _last = [];
    private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, long> _sources = new(StringComparer.Ordinal);
    private readonly List<EventReader> _readers = [];

    /// <summary>How many read along.</summary>
    public int Readers
    {
        get
        {
            lock (_gate)
                return _readers.Count;
        }
    }

    /// <summary>Takes events in; repetitions, which a stream may have, are left out.</summary>
    public void Take(ImmutableArray<ClusterEvent> events)
    {
        List<EventReader> slow = [];
        lock (_gate)
        {
            foreach (var happened in events)
            {
                if (!IsNew(happened))
                    continue;
                if (_last.Count == Capacity)
                    _last.RemoveAt(0);
                _last.Add(happened);
                slow.AddRange(_readers.Where(reader => !reader.Offer(happened)));
                _readers.RemoveAll(slow.Contains);
            }
        }

        foreach (var reader in slow)
        {
            metrics.ReaderDropped();
            reader.Drop();
        }
    }

    /// <summary>Completes when what was kept before this silo started is here.</summary>
    public Task Restored => _restored.Task;

    /// <summary>Takes what was kept before this silo started; what was heard meanwhile comes after it.</summary>
    /// <param name="kept">The events, oldest first.</param>
    public void Restore(ImmutableArray<ClusterEvent> kept)
    {
        lock (_gate)
        {
            var heard = _last.Select(static happened => (happened.Source, happened.Sequence)).ToHashSet();
            var before = kept.Where(happened => heard.Add((happened.Source, happened.Sequence))).ToArray();
            foreach (var happened in before)
                _ = IsNew(happened);
            _last.InsertRange(0, before);
            _last.RemoveRange(0, Math.Max(0, _last.Count - Capacity));
        }

        _restored.TrySetResult();
    }

    /// <summary>The last events, oldest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="after">Id of the event after which they happened; <see langword="null"/> for any.</param>
    public IReadOnlyList<ClusterEvent> Last(int most, long? after = null)
    {
        lock (_gate)
            return [.. After(after).TakeLast(most)];
    }

    /// <summary>Lets somebody read along from now on, or from an event on.</summary>
    /// <param name="after">Id of the last event that was read; <see langword="null"/> for none.</param>
    /// <returns>The reader; <see langword="null"/> when there are too many.</returns>
    public EventReader? Open(long? after = null)
    {
        EventReader reader;
        lock (_gate)
        {
            if (_readers.Count == MostReaders)
                return null;
            reader = new EventReader(Leave)
            {
                Before = after is null ? [] : [.. After(after)],
                MayMiss = after is not null && _last.FindIndex(happened => happened.Id == after) < 0,
            };
            _readers.Add(reader);
        }

        metrics.ReaderCame();
        return reader;
    }

    private void Leave(EventReader reader)
    {
        lock (_gate)
            _readers.Remove(reader);
        metrics.ReaderLeft();
    }

    // In the order in which they were heard; numbers of two lives of the relay may overlap if clocks were set back between them.
    private IEnumerable<ClusterEvent> After(long? id)
    {
        if (id is not { } after)
            return _last;
        var index = _last.FindLastIndex(happened => happened.Id == after);
        return index >= 0 ? _last.Skip(index + 1) : _last.Where(happened => happened.Id > after);
    }

    private bool IsNew(ClusterEvent happened)
    {
        if (_sources.TryGetValue(happened.Source, out var newest) && happened.Sequence <= newest)
            return false;
        if (_sources.Count == MostSources && !_sources.ContainsKey(happened.Source))
            _sources.Clear();
        _sources[happened.Source] = happened.Sequence;
        return true;
    }
}
