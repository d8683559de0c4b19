using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>
/// Who may go to the backends of a pool with a limit of concurrency, and who waits. One for each pool, whatever version of the configuration is in
/// force. While slots are free and nobody waits, entering and leaving take no lock and allocate nothing.
/// </summary>
public sealed class PoolAdmission
{
    private readonly Lock _lock = new();
    private readonly PoolQueue _queue = new();
    private FrontendPool? _pool;
    private SlotHolder? _holder;
    private IAvailableBackends? _backends;
    private TimeProvider _clock = TimeProvider.System;
    private Action _wake = static () => { };
    private bool _isUnlimited;
    private int _waiting;
    private int _refused;

    /// <summary>Requests that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes a slot, unless others wait for it.</summary>
    /// <param name="slot">The backend.</param>
    /// <param name="now">Monotonic time.</param>
    public bool TryEnter(BackendSlot slot, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return Volatile.Read(ref _waiting) == 0 ? TryTake(slot, now) : TryEnterBesideWaiting(slot, now);
    }

    /// <summary>Gives a slot back that was taken by <see cref="TryEnter"/> or by <see cref="Wait"/>.</summary>
    /// <param name="slot">The backend.</param>
    public void Leave(BackendSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        // Slots that are to be given back are told to the pool as they become free.
        if (slot.Gate.Leave())
            _wake();
        if (Volatile.Read(ref _waiting) > 0)
            Serve();
    }

    /// <summary>Waits for a slot.</summary>
    /// <param name="request">What waits.</param>
    /// <param name="definition">How many may wait, and for how long.</param>
    /// <param name="gone">Ends the wait when the client goes away.</param>
    internal async Task<AdmissionOutcome> Wait(WaitingRequest request, ConcurrencyDefinition definition, CancellationToken gone)
    {
        if (TryQueue(request, definition.QueueLimit) is { } outcome)
            return outcome;
        // A slot may have become free before this request was in the queue for its last owner to see.
        Serve();
        await using var timer = _clock.CreateTimer(_ => GiveUp(request, AdmissionOutcome.TimedOut), null, definition.QueueTimeout, Timeout.InfiniteTimeSpan);
        await using var leaving = gone.UnsafeRegister(_ => GiveUp(request, AdmissionOutcome.ClientLeft), null);
        return await request.Task;
    }

    /// <summary>Gives free slots to those who wait, in the order of their arrival.</summary>
    internal void Serve()
    {
        lock (_lock)
        {
            if (_pool is not { } pool || _backends is not { } backends)
                return;
            EndLease(_clock.GetElapsedTime(0));
            if (_queue.HasPinned)
                SendElsewhere(pool);
            var available = _queue.Count > 0 ? backends.Of(pool) : [];
            while (_queue.Count > 0 && _queue.Next(pool.Slots, available, Take) is { } served)
                served.TrySetResult(AdmissionOutcome.Entered);
            Volatile.Write(ref _waiting, _queue.Count);
        }
    }

    /// <summary>Follows the configuration; the limit may be new.</summary>
    /// <param name="pool">The pool of the version in force.</param>
    /// <param name="holder">What the gates allow.</param>
    /// <param name="backends">Who takes requests.</param>
    /// <param name="clock">The product's clock, by which leases end.</param>
    /// <param name="wake">Lets the exchange of slots look at once.</param>
    internal void Follow(FrontendPool pool, SlotHolder holder, IAvailableBackends backends, TimeProvider clock, Action wake)
    {
        lock (_lock)
            (_pool, _holder, _backends, _clock, _wake, _isUnlimited) = (pool, holder, backends, clock, wake, false);
        Serve();
    }

    /// <summary>Lets everybody go who waits: the pool has no limit any more.</summary>
    internal void Dissolve()
    {
        lock (_lock)
        {
            _isUnlimited = true;
            foreach (var request in _queue.RemoveAll())
                request.TrySetResult(AdmissionOutcome.Unlimited);
            Volatile.Write(ref _waiting, 0);
        }
    }

    /// <summary>What the next report says of those who wait or were refused: how many could use a slot, for each backend.</summary>
    /// <param name="waiting">Filled in the order of the pool's slots.</param>
    internal void CountWaiting(Span<int> waiting)
    {
        lock (_lock)
        {
            waiting.Clear();
            if (_pool is not { } pool || _backends is not { } backends || waiting.Length != pool.Slots.Length)
                return;
            var unserved = _queue.CountForAny + Interlocked.Exchange(ref _refused, 0);
            if (unserved == 0 && _queue.Count == 0)
                return;
            var available = backends.Of(pool);
            var places = available.Count(static each => each);
            for (var i = 0; i < waiting.Length; i++)
                waiting[i] = _queue.CountFor(pool.Slots[i]) + (available[i] ? (unserved + places - 1) / places : 0);
        }
    }

    /// <summary>Requests that could use slots, wherever.</summary>
    internal int Unserved => Waiting + Volatile.Read(ref _refused);

    private bool TryTake(BackendSlot slot, TimeSpan now)
    {
        EndLease(now);
        if (!slot.Gate.TryEnter(out var runsLow))
            return false;
        if (runsLow)
        {
            _holder?.RunsLow();
            _wake();
        }

        return true;
    }

    // Whoever comes first after the deadline ends the lease, since the exchange may be waiting for an answer.
    private void EndLease(TimeSpan now)
    {
        if (Volatile.Read(ref _holder) is not { } holder || !holder.HasLapsed(now))
            return;
        holder.Lapse(now);
        _wake();
    }

    // What a session waits for may have been removed, have died or have been drained meanwhile: nothing may reach it after that.
    private void SendElsewhere(FrontendPool pool)
    {
        foreach (var stranded in _queue.RemovePinned(slot => !TakesSessions(pool, slot)))
            stranded.TrySetResult(AdmissionOutcome.BackendGone);
    }

    private static bool TakesSessions(FrontendPool pool, BackendSlot slot) =>
        pool.IndexById.TryGetValue(slot.Definition.Id, out var index) && ReferenceEquals(pool.Slots[index], slot) && pool.Health.TakesPinned(index);

    // Who waits for other backends, because of a session or of what its route wants, does not stand in the way.
    private bool TryEnterBesideWaiting(BackendSlot slot, TimeSpan now)
    {
        lock (_lock)
            return !_queue.AnyMayGoTo(slot) && TryTake(slot, now);
    }

    private static bool Take(BackendSlot slot) => slot.Gate.TryEnter(out _);

    private AdmissionOutcome? TryQueue(WaitingRequest request, int limit)
    {
        bool isNews;
        AdmissionOutcome? outcome = null;
        lock (_lock)
        {
            if (_isUnlimited)
                return AdmissionOutcome.Unlimited;
            isNews = Unserved == 0;
            if (_queue.Count < limit)
                _queue.Add(request);
            else
                (outcome, _) = (AdmissionOutcome.QueueFull, Interlocked.Increment(ref _refused));
            Volatile.Write(ref _waiting, _queue.Count);
        }

        if (isNews)
            _wake();
        return outcome;
    }

    private void GiveUp(WaitingRequest request, AdmissionOutcome outcome)
    {
        lock (_lock)
        {
            if (!_queue.Remove(request))
                return;
            Volatile.Write(ref _waiting, _queue.Count);
        }

        request.TrySetResult(outcome);
    }
}
