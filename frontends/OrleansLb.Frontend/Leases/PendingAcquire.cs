using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>A request that waits for the range.</summary>
internal sealed class PendingAcquire : TaskCompletionSource<LimitOutcome>
{
    private WaitingAcquires? _queue;
    private CancellationTokenRegistration _watch;

    public PendingAcquire(KeyLimiter? limiter, AcquireEntry entry, TimeSpan giveUpAt)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        (Limiter, Entry, GiveUpAt) = (limiter, entry, giveUpAt);
        Place = new LinkedListNode<PendingAcquire>(this);
    }

    public KeyLimiter? Limiter { get; }

    public AcquireEntry Entry { get; }

    public TimeSpan GiveUpAt { get; }

    /// <summary>Where it stands in the queue.</summary>
    public LinkedListNode<PendingAcquire> Place { get; }

    /// <summary>
    /// Gives the request up when its client goes away. What the range has decided or is about to decide for it stays charged, unless it may be given back.
    /// </summary>
    public void GiveUpWith(WaitingAcquires queue, CancellationToken aborted)
    {
        _queue = queue;
        _watch = aborted.UnsafeRegister(static state => ((PendingAcquire)state!).GiveUp(), this);
        // It may have been decided before there was a watch to end.
        if (Task.IsCompleted)
            _watch.Unregister();
    }

    /// <summary>Ends the wait, unless the request was given up.</summary>
    public void Decide(LimitOutcome outcome)
    {
        if (!TrySetResult(outcome))
            outcome.Charge.GiveBack();
        _watch.Unregister();
    }

    // Decided first: from then on it is not put back into the queue.
    private void GiveUp()
    {
        TrySetResult(new LimitOutcome(LimitVerdict.Abandoned, TimeSpan.Zero));
        _queue!.Remove(this);
    }
}
