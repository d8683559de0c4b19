using System.Collections.Immutable;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Events;

/// <summary>The last events that this silo heard of, and those who read along.</summary>
internal sealed class EventFeed(EventFeedMetrics metrics)
{
    /// <summary>How many events are kept.</summary>
    public const int Capacity = 1000;

    /// <summary>How many may read along at once.</summary>
    public const int MostReaders = 64;

    /// <summary>Silos, dead ones included, whose last event is remembered to tell repetitions.</summary>
    private const int MostSources = 256;

    private readonly Lock _gate = new();
    private readonly Queue<ClusterEvent> _last = new();
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
                    _last.Dequeue();
                _last.Enqueue(happened);
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

    /// <summary>The last events, oldest first.</summary>
    /// <param name="most">How many at most.</param>
    public IReadOnlyList<ClusterEvent> Last(int most)
    {
        lock (_gate)
            return [.. _last.TakeLast(most)];
    }

    /// <summary>Lets somebody read along from now on.</summary>
    /// <returns>The reader; <see langword="null"/> when there are too many.</returns>
    public EventReader? Open()
    {
        var reader = new EventReader(Leave);
        lock (_gate)
        {
            if (_readers.Count == MostReaders)
                return null;
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
