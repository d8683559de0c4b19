using System.Runtime.InteropServices;

namespace OrleansLb.Hosting.Lifetime;

/// <summary>Whether this process has been asked to stop. One per process; readiness fails from that moment.</summary>
public sealed class DrainState : IDisposable
{
    private readonly CancellationTokenSource _draining = new();
    private int _begun;

    /// <summary>Cancelled when the drain begins.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Whether the drain has begun.</summary>
    public bool IsDraining => Volatile.Read(ref _begun) != 0;

    /// <summary>The signal that began the drain, or none.</summary>
    public PosixSignal? Signal { get; private set; }

    /// <summary>Begins the drain.</summary>
    /// <param name="signal">What asked for it.</param>
    /// <returns><see langword="false"/> if it had begun before.</returns>
    public bool TryBegin(PosixSignal? signal)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            return false;

        Signal = signal;
        _draining.Cancel();
        return true;
    }

    public void Dispose() => _draining.Dispose();
}
