using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>
/// The requests of one pool that wait for slots, in the order of their arrival: those of sessions for their backend, the others for any. For one
/// caller at a time.
/// </summary>
internal sealed class PoolQueue
{
    private readonly LinkedList<WaitingRequest> _any = new();
    private readonly Dictionary<BackendSlot, LinkedList<WaitingRequest>> _pinned = [];

    // Of those that wait for any backend: how many may go to each, by its id, because they may not go to all; and how many may go to all.
    private readonly Dictionary<string, int> _choosers = new(StringComparer.OrdinalIgnoreCase);
    private int _unconditional;
    private long _arrivals;

    public int Count { get; private set; }

    /// <summary>Requests that wait for any backend.</summary>
    public int CountForAny => _any.Count;

    /// <summary>Whether anybody waits for one backend only.</summary>
    public bool HasPinned => _pinned.Count > 0;

    /// <summary>Whether anybody waits who would take a slot of this backend.</summary>
    public bool AnyMayGoTo(BackendSlot slot) =>
        _unconditional > 0 || _pinned.ContainsKey(slot) || _choosers.ContainsKey(slot.Definition.Id);

    public int CountFor(BackendSlot slot) => _pinned.TryGetValue(slot, out var waiting) ? waiting.Count : 0;

    public void Add(WaitingRequest request)
    {
        request.Arrival = ++_arrivals;
        Count++;
        request.Place = ListOf(request).AddLast(request);
        Tally(request, 1);
    }

    /// <summary>Takes a request out.</summary>
    /// <returns>False when it is not there any more.</returns>
    public bool Remove(WaitingRequest request)
    {
        if (request.Place is not { List: { } list } place)
            return false;
        list.Remove(place);
        if (request.Pinned is { } slot && list.Count == 0)
            _pinned.Remove(slot);
        Count--;
        Tally(request, -1);
        return true;
    }

    /// <summary>Takes every request out that waits for a backend which is out of the question now.</summary>
    public IEnumerable<WaitingRequest> RemovePinned(Func<BackendSlot, bool> isOut)
    {
        foreach (var slot in _pinned.Keys.Where(isOut).ToArray())
        {
            foreach (var request in _pinned[slot].ToArray())
            {
                Remove(request);
                yield return request;
            }
        }
    }

    /// <summary>Takes every request out.</summary>
    public IEnumerable<WaitingRequest> RemoveAll()
    {
        foreach (var request in _any.Concat(_pinned.Values.SelectMany(static waiting => waiting)).ToArray())
        {
            Remove(request);
            yield return request;
        }
    }

    /// <summary>Takes the next request out that a free slot can be found for, and takes that slot.</summary>
    /// <param name="slots">The pool's backends.</param>
    /// <param name="available">Which of them take requests without a session.</param>
    /// <param name="take">Takes a free slot of a backend, if there is one.</param>
    /// <returns>The request; <see langword="null"/> when there is none.</returns>
    public WaitingRequest? Next(IReadOnlyList<BackendSlot> slots, IReadOnlyList<bool> available, Func<BackendSlot, bool> take)
    {
        var first = _any.First?.Value;
        // A session's turn comes before that of whoever arrived later, and where the others cannot go.
        var served = Next(pinned => first is null || pinned.Arrival < first.Arrival, take);
        served ??= NextOfAny(slots, available, take);
        served ??= Next(static _ => true, take);
        if (served is not null)
            Remove(served);
        return served;
    }

    private WaitingRequest? Next(Func<WaitingRequest, bool> isItsTurn, Func<BackendSlot, bool> take)
    {
        foreach (var (slot, waiting) in _pinned)
        {
            if (isItsTurn(waiting.First!.Value) && take(slot))
                return Given(waiting.First.Value, slot);
        }

        return null;
    }

    private WaitingRequest? NextOfAny(IReadOnlyList<BackendSlot> slots, IReadOnlyList<bool> available, Func<BackendSlot, bool> take)
    {
        // All but the first need looking at only if that one may not go where others may.
        foreach (var request in _any)
        {
            while (EmptiestFor(request, slots, available) is { } slot)
            {
                if (take(slot))
                    return Given(request, slot);
            }

            if (!IsAnyFree(slots, available))
                return null;
        }

        return null;
    }

    private static BackendSlot? EmptiestFor(WaitingRequest request, IReadOnlyList<BackendSlot> slots, IReadOnlyList<bool> available)
    {
        BackendSlot? emptiest = null;
        var most = 0;
        for (var i = 0; i < slots.Count; i++)
        {
            if (!available[i] || !request.MayGoTo(slots[i]))
                continue;
            var (allowed, inUse) = slots[i].Gate.Read();
            if (allowed - inUse > most)
                (emptiest, most) = (slots[i], allowed - inUse);
        }

        return emptiest;
    }

    private static bool IsAnyFree(IReadOnlyList<BackendSlot> slots, IReadOnlyList<bool> available)
    {
        for (var i = 0; i < slots.Count; i++)
        {
            if (available[i] && slots[i].Gate.Read() is var (allowed, inUse) && inUse < allowed)
                return true;
        }

        return false;
    }

    private void Tally(WaitingRequest request, int change)
    {
        if (request.Pinned is not null)
            return;
        if (request.Choices is null)
            _unconditional += change;
        foreach (var id in request.Choices ?? [])
        {
            if ((_choosers[id] = _choosers.GetValueOrDefault(id) + change) == 0)
                _choosers.Remove(id);
        }
    }

    private LinkedList<WaitingRequest> ListOf(WaitingRequest request)
    {
        if (request.Pinned is not { } slot)
            return _any;
        if (!_pinned.TryGetValue(slot, out var waiting))
            _pinned[slot] = waiting = new LinkedList<WaitingRequest>();
        return waiting;
    }

    private static WaitingRequest Given(WaitingRequest request, BackendSlot slot)
    {
        request.Given = slot;
        return request;
    }
}
