using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>
/// Backends that this front-end alone leaves out for a moment, because a connection was refused or reset before the first byte.
/// Safe for any number of readers and writers, without a lock and without allocating.
/// </summary>
/// <remarks>A picker must ignore holds when every eligible backend is held: a second later is too late for the request at hand.</remarks>
public sealed class LocalHolds
{
    /// <summary>How long one refusal keeps a backend out.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);

    private readonly ImmutableArray<BackendKey> _keys;
    private readonly long[] _until;

    /// <summary>Holds of one version of a pool.</summary>
    /// <param name="keys">The pool's backends, in the order in which they are indexed.</param>
    /// <param name="previous">Holds of the version before, whose unexpired ones are kept; <see langword="null"/> for none.</param>
    public LocalHolds(ImmutableArray<BackendKey> keys, LocalHolds? previous = null)
    {
        _keys = keys;
        _until = new long[keys.Length];
        Array.Fill(_until, long.MinValue);
        if (previous is not null) Carry(previous);
    }

    /// <summary>Leaves a backend out for <see cref="Duration"/> from now.</summary>
    /// <param name="index">Index of the backend.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Whether a new hold began: the one moment to report a suspicion, however many requests fail together.</returns>
    public bool Hold(int index, TimeSpan now)
    {
        var until = (now + Duration).Ticks;
        var seen = Volatile.Read(ref _until[index]);
        while (seen <= now.Ticks)
        {
            var found = Interlocked.CompareExchange(ref _until[index], until, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    /// <summary>Whether a backend is left out.</summary>
    /// <param name="index">Index of the backend.</param>
    /// <param name="now">Monotonic time.</param>
    public bool IsHeld(int index, TimeSpan now) => now.Ticks < Volatile.Read(ref _until[index]);

    private void Carry(LocalHolds previous)
    {
        for (var i = 0; i < _keys.Length; i++)
        {
            var old = previous._keys.IndexOf(_keys[i]);
            if (old >= 0) _until[i] = Volatile.Read(ref previous._until[old]);
        }
    }
}
