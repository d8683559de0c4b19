using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// The connections to one backend. The one used last is used first, so that those that are too many grow old. Nothing here waits or locks, unless the cluster limits the number
/// of connections.
/// </summary>
internal sealed class ConnectionPool(int? most, TimeProvider clock, ForwardingTimes times)
{
    /// <summary>Connections that are kept without a request. What is above that is closed, and dialled again when needed.</summary>
    private const int MostIdle = 1024;

    private readonly ConcurrentStack<BackendConnection> _idle = [];
    private readonly SemaphoreSlim? _free = most is { } number ? new SemaphoreSlim(number) : null;
    private int _idleCount;
    private int _open;
    private long _lastUse = clock.GetTimestamp();
    private volatile bool _isRetired;

    public int? Most => most;

    public int Idle => Math.Max(0, Volatile.Read(ref _idleCount));

    public int Open => Volatile.Read(ref _open);

    /// <summary>How many connections are to be ready without anybody having asked for them.</summary>
    public int Ready { get; set; }

    /// <summary>Whether it keeps no connections any more.</summary>
    public bool IsRetired => _isRetired;

    /// <summary>Whether nothing is open and nobody came for as long as a connection lives.</summary>
    public bool IsForgotten => Open == 0 && clock.GetElapsedTime(Volatile.Read(ref _lastUse)) > times.Life;

    /// <summary>Waits until one more request may go to the backend; nothing where the number is not limited.</summary>
    public Task Enter(CancellationToken cancellation) => _free?.WaitAsync(cancellation) ?? Task.CompletedTask;

    /// <summary>The same without waiting; false when as many go there as may.</summary>
    public bool TryEnter() => _free?.Wait(0) ?? true;

    public void Leave() => _free?.Release();

    /// <summary>Takes the connection that was used last and is still good.</summary>
    public bool TryTake([NotNullWhen(true)] out BackendConnection? connection)
    {
        Volatile.Write(ref _lastUse, clock.GetTimestamp());
        while (_idle.TryPop(out connection))
        {
            Interlocked.Decrement(ref _idleCount);
            if (IsFresh(connection) && connection.TryWake())
                return true;
            connection.Dispose();
        }

        return false;
    }

    /// <summary>Counts a connection that was made.</summary>
    public void Opened(BackendConnection connection)
    {
        Interlocked.Increment(ref _open);
        var jitter = times.LifeJitter * Random.Shared.NextDouble();
        connection.EndOfLife = clock.GetTimestamp() + (long)((times.Life + jitter).TotalSeconds * clock.TimestampFrequency);
    }

    public void Closed() => Interlocked.Decrement(ref _open);

    /// <summary>Keeps a connection that is new, or whose last answer was read to its end.</summary>
    /// <returns>Whether it is good for another request.</returns>
    public bool Keep(BackendConnection connection)
    {
        connection.IdleSince = clock.GetTimestamp();
        if (_isRetired || Open > most || connection.IdleSince >= connection.EndOfLife || !connection.TrySleep() || !TryCountIdle())
        {
            connection.Dispose();
            return false;
        }

        _idle.Push(connection);
        // Retired meanwhile: whoever did it may have looked before the push.
        if (_isRetired)
            Empty();
        return !_isRetired;
    }

    /// <summary>Closes what was idle for too long, or was closed by the backend.</summary>
    public void Sweep()
    {
        // All are taken out for it, and whoever asks meanwhile dials: not without need. What a backend has closed is seen when it would be used, at the latest, unless others are to be ready in its place.
        if (Idle is not (> 0 and var count) || (Ready == 0 && _idle.All(IsFresh)))
            return;
        var all = new BackendConnection[count];
        var taken = _idle.TryPopRange(all);
        // The oldest first, so that the newest is on top again.
        for (var i = taken - 1; i >= 0; i--)
        {
            if (IsFresh(all[i]) && all[i].IsQuiet)
            {
                _idle.Push(all[i]);
                continue;
            }

            Interlocked.Decrement(ref _idleCount);
            all[i].Dispose();
        }
    }

    public void Retire()
    {
        _isRetired = true;
        Empty();
    }

    private bool IsFresh(BackendConnection connection) =>
        clock.GetTimestamp() < connection.EndOfLife && clock.GetElapsedTime(connection.IdleSince) < times.Idle;

    private bool TryCountIdle()
    {
        if (Interlocked.Increment(ref _idleCount) <= MostIdle)
            return true;
        Interlocked.Decrement(ref _idleCount);
        return false;
    }

    private void Empty()
    {
        while (_idle.TryPop(out var connection))
        {
            Interlocked.Decrement(ref _idleCount);
            connection.Dispose();
        }
    }
}
