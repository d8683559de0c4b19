using System.Threading.Tasks.Sources;
using Microsoft.Extensions.ObjectPool;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>A request that waits for the range. Its <see cref="Decision"/> is taken once; then another request may have the object.</summary>
internal sealed class PendingAcquire : IValueTaskSource<LimitOutcome>, IThreadPoolWorkItem, IResettable
{
    private const int MostUnused = 1024;

    private static readonly ObjectPool<PendingAcquire> Unused = new DefaultObjectPool<PendingAcquire>(new DefaultPooledObjectPolicy<PendingAcquire>(), MostUnused);

    private ManualResetValueTaskSourceCore<bool> _source;
    private LimitOutcome _outcome;
    private int _decided;
    private WaitingAcquires? _queue;
    private bool _isWatched;
    private CancellationTokenRegistration _watch;

    /// <summary>Made by the pool.</summary>
    public PendingAcquire() => Place = new LinkedListNode<PendingAcquire>(this);

    public KeyLimiter? Limiter { get; private set; }

    public AcquireEntry Entry { get; private set; }

    public TimeSpan GiveUpAt { get; private set; }

    /// <summary>Where it stands in the queue.</summary>
    public LinkedListNode<PendingAcquire> Place { get; }

    /// <summary>Whether nothing can change any more what becomes of the request.</summary>
    public bool IsDecided => Volatile.Read(ref _decided) != 0;

    /// <summary>What becomes of the request.</summary>
    public ValueTask<LimitOutcome> Decision => new(this, _source.Version);

    public static PendingAcquire Of(KeyLimiter? limiter, AcquireEntry entry, TimeSpan giveUpAt)
    {
        var pending = Unused.Get();
        (pending.Limiter, pending.Entry, pending.GiveUpAt) = (limiter, entry, giveUpAt);
        return pending;
    }

    /// <summary>
    /// Gives the request up when its client goes away. What the range has decided or is about to decide for it stays charged, unless it may be given back.
    /// </summary>
    public void GiveUpWith(WaitingAcquires queue, CancellationToken aborted)
    {
        if (!aborted.CanBeCanceled)
            return;
        (_queue, _isWatched) = (queue, true);
        _watch = aborted.UnsafeRegister(static state => ((PendingAcquire)state!).GiveUp(), this);
    }

    /// <summary>Ends the wait, unless the request was given up. The object may be another request's afterwards.</summary>
    public void Decide(in LimitOutcome outcome)
    {
        if (!TryDecide(outcome))
            outcome.Charge.GiveBack();
    }

    /// <summary>Lets another request have the object: nobody decides about this one.</summary>
    public void Recycle() => Unused.Return(this);

    /// <inheritdoc/>
    public LimitOutcome GetResult(short token)
    {
        _source.GetResult(token);
        var outcome = _outcome;
        // Where the client is just going away, somebody may still hold on to the object.
        if (!_isWatched || _watch.Unregister())
            Recycle();
        return outcome;
    }

    /// <inheritdoc/>
    public bool TryReset()
    {
        _source.Reset();
        (Limiter, Entry, _outcome, _queue, _isWatched, _watch) = (null, default, default, null, false, default);
        Volatile.Write(ref _decided, 0);
        return true;
    }

    void IThreadPoolWorkItem.Execute() => _source.SetResult(true);

    ValueTaskSourceStatus IValueTaskSource<LimitOutcome>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<LimitOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    // Decided first: from then on it is not put back into the queue.
    private void GiveUp()
    {
        TryDecide(new LimitOutcome(LimitVerdict.Abandoned, TimeSpan.Zero));
        _queue!.Remove(this);
    }

    // Whoever asked goes on elsewhere: who decides has others to decide for.
    private bool TryDecide(in LimitOutcome outcome)
    {
        if (Interlocked.Exchange(ref _decided, 1) != 0)
            return false;
        _outcome = outcome;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        return true;
    }
}
