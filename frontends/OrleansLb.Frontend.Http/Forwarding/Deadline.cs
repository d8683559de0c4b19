namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Ends a forwarding that went too long without progress, or whose client left. Progress costs a write: the timer is not moved with each, but looks when it fires whether it is time,
/// and goes on for the rest. It stays armed between requests too.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private const long Never = long.MaxValue;
    private const int Finished = 0;
    private const int Active = 1;
    private const int TimedOut = 2;
    private const int Left = 3;
    private const int KindMask = 3;

    /// <summary>What a timer takes at most is a little more; it goes on for the rest.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    /// <summary>Longer than any process lives.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _source = new();
    private CancellationTokenRegistration _client;
    private BackendConnection? _connection;

    // Which request it is for, times four, and what became of it: a timer that is late must not end the next request.
    private long _state;
    private long _timeout;
    private long _due = Never;
    private long _firesAt = Never;

    public Deadline(TimeProvider clock)
    {
        _clock = clock;
        _timer = clock.CreateTimer(static deadline => ((Deadline)deadline!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether the time was over.</summary>
    public bool IsTimedOut => (Volatile.Read(ref _state) & KindMask) == TimedOut;

    /// <summary>Whether the client left before.</summary>
    public bool IsAbandoned => (Volatile.Read(ref _state) & KindMask) == Left;

    public bool IsOver => IsTimedOut || IsAbandoned;

    public void Begin(TimeSpan timeout, CancellationToken client)
    {
        Volatile.Write(ref _state, (_state & ~(long)KindMask) + KindMask + 1 + Active);
        Use(timeout);
        _client = client.UnsafeRegister(static deadline => ((Deadline)deadline!).Abandon(), this);
    }

    /// <summary>Waits this long for progress from now on; for ever where it is infinite.</summary>
    public void Use(TimeSpan timeout)
    {
        _timeout = timeout == Timeout.InfiniteTimeSpan ? Never : (long)(Math.Min(timeout.TotalSeconds, Longest.TotalSeconds) * _clock.TimestampFrequency);
        Progress();
        Arm();
    }

    public void Progress() => Volatile.Write(ref _due, _timeout == Never ? Never : _clock.GetTimestamp() + _timeout);

    /// <summary>Has a connection aborted at the end, if it comes to that.</summary>
    public void Guard(BackendConnection connection)
    {
        Volatile.Write(ref _connection, connection);
        Interlocked.MemoryBarrier();
        if (IsOver)
            connection.Abort();
    }

    /// <summary>Ends the watch.</summary>
    /// <returns>Whether it may watch another request.</returns>
    public bool End()
    {
        // Waits for a client's leave that is just noticed.
        _client.Dispose();
        Volatile.Write(ref _due, Never);
        var isUnharmed = TryFinish();
        Volatile.Write(ref _connection, null);
        return isUnharmed;
    }

    /// <summary>From here on nothing is aborted any more; false if it was.</summary>
    public bool TryFinish()
    {
        var state = Volatile.Read(ref _state);
        return (state & KindMask) == Finished || ((state & KindMask) == Active && TryTurn(state, Finished));
    }

    // The source is left to the collector: whoever stops this may be about to cancel it, and it holds nothing.
    public void Dispose() => _timer.Dispose();

    private void Abandon() => Stop(Volatile.Read(ref _state), Left);

    private void Fire()
    {
        Volatile.Write(ref _firesAt, Never);
        Interlocked.MemoryBarrier();
        var state = Volatile.Read(ref _state);
        var due = Volatile.Read(ref _due);
        if (due == Never)
            return;
        if (_clock.GetTimestamp() >= due)
            Stop(state, TimedOut);
        else
            Arm();
    }

    private void Arm()
    {
        Interlocked.MemoryBarrier();
        var due = Volatile.Read(ref _due);
        if (Volatile.Read(ref _firesAt) <= due)
            return;
        Volatile.Write(ref _firesAt, due);
        var left = (due - _clock.GetTimestamp()) / (double)_clock.TimestampFrequency;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(left * 1000), 1, LongestTimer.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void Stop(long state, int kind)
    {
        if ((state & KindMask) != Active || !TryTurn(state, kind))
            return;
        Volatile.Read(ref _connection)?.Abort();
        _source.Cancel();
    }

    private bool TryTurn(long state, int kind) => Interlocked.CompareExchange(ref _state, (state & ~(long)KindMask) + kind, state) == state;
}
