namespace OrleansLb.Frontend.Leases;

/// <summary>
/// The requests that wait for one range, oldest first, up to a bound. One whose client went away leaves from wherever it stands: clients
/// that come and go must not take the places of those that stay. Thread-safe; a request that gets here is about to wait for a grain.
/// </summary>
internal sealed class WaitingAcquires(int capacity)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<PendingAcquire> _queue = new();
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Adds a request at the end; false when there is no room.</summary>
    public bool TryAdd(PendingAcquire pending)
    {
        lock (_lock)
        {
            if (_queue.Count >= capacity)
                return false;
            Add_NeedsLock(pending);
            return true;
        }
    }

    /// <summary>Adds requests at the end that were taken and not decided, room or not, but for those that were given up meanwhile.</summary>
    public void PutBack(List<PendingAcquire> taken)
    {
        lock (_lock)
        {
            foreach (var pending in taken)
            {
                if (!pending.IsDecided)
                    Add_NeedsLock(pending);
            }
        }
    }

    /// <summary>Takes the oldest requests out, into a list.</summary>
    public void Take(List<PendingAcquire> taken, int most)
    {
        lock (_lock)
        {
            while (taken.Count < most && _queue.First is { } first)
            {
                _queue.RemoveFirst();
                taken.Add(first.Value);
            }

            Volatile.Write(ref _count, _queue.Count);
        }
    }

    /// <summary>Takes one request out, if it is still there.</summary>
    public void Remove(PendingAcquire pending)
    {
        lock (_lock)
        {
            if (pending.Place.List is null)
                return;
            _queue.Remove(pending.Place);
            Volatile.Write(ref _count, _queue.Count);
        }
    }

    private void Add_NeedsLock(PendingAcquire pending)
    {
        _queue.AddLast(pending.Place);
        Volatile.Write(ref _count, _queue.Count);
    }
}
