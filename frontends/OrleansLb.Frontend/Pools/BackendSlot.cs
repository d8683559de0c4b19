using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Pools;

/// <summary>
/// What this front-end itself knows of one backend generation: its own requests and connections in flight. A slot outlives
/// configuration versions as long as the backend's key stays the same, so that a request counted under one version is released
/// under the next.
/// </summary>
public sealed class BackendSlot(BackendDefinition definition)
{
    private int _requests;
    private int _connections;
    private long _lastAnswer = long.MinValue;

    /// <summary>The backend as configured in the version in force.</summary>
    public BackendDefinition Definition { get; internal set; } = definition;

    /// <summary>Plain requests of this front-end in flight.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Upgraded and streaming connections of this front-end.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Counts a request at its pick.</summary>
    public void Begin() => Interlocked.Increment(ref _requests);

    /// <summary>Releases a request at its completion.</summary>
    public void End() => Interlocked.Decrement(ref _requests);

    /// <summary>Turns a counted request into a counted connection, when it was upgraded.</summary>
    public void Upgrade()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Decrement(ref _requests);
    }

    /// <summary>Releases an upgraded connection.</summary>
    public void EndUpgraded() => Interlocked.Decrement(ref _connections);

    /// <summary>When the backend last answered this front-end, on the product's monotonic clock; <see langword="null"/> for never.</summary>
    public TimeSpan? LastAnswer => Volatile.Read(ref _lastAnswer) is var ticks and not long.MinValue ? new TimeSpan(ticks) : null;

    /// <summary>Records an answer, whatever its status: the backend can be reached and speaks.</summary>
    /// <param name="now">Monotonic time.</param>
    public void Answered(TimeSpan now) => Volatile.Write(ref _lastAnswer, now.Ticks);
}
