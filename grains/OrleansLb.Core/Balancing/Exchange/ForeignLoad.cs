using System.Collections.Immutable;

namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// What the other front-ends have in flight, as one front-end last heard it. Immutable: the machine publishes a new one, a
/// request reads one reference once.
/// </summary>
public sealed class ForeignLoad
{
    private readonly int[] _requests;
    private readonly int[] _connections;
    private readonly int[] _ownRequests;
    private readonly int[] _ownConnections;
    private readonly TimeSpan[] _latencies;

    internal ForeignLoad(
        ImmutableArray<BackendKey> keys,
        int[] requests,
        int[] connections,
        int[] ownRequests,
        int[] ownConnections,
        TimeSpan[] latencies)
    {
        Keys = keys;
        _requests = requests;
        _connections = connections;
        _ownRequests = ownRequests;
        _ownConnections = ownConnections;
        _latencies = latencies;
    }

    /// <summary>The view of a front-end that knows of no other.</summary>
    public static ForeignLoad None { get; } = new([], [], [], [], [], []);

    /// <summary>The backends, in the order of <see cref="Requests"/> and <see cref="Connections"/>.</summary>
    public ImmutableArray<BackendKey> Keys { get; }

    /// <summary>Plain requests of the others in flight, by the order of <see cref="Keys"/>.</summary>
    public ReadOnlySpan<int> Requests => _requests;

    /// <summary>Upgraded or streaming connections of the others, by the order of <see cref="Keys"/>.</summary>
    public ReadOnlySpan<int> Connections => _connections;

    /// <summary>Plain requests of this front-end that were in the totals, and so are what the others know of it; by the order of <see cref="Keys"/>.</summary>
    public ReadOnlySpan<int> OwnRequests => _ownRequests;

    /// <summary>Connections of this front-end that were in the totals, by the order of <see cref="Keys"/>.</summary>
    public ReadOnlySpan<int> OwnConnections => _ownConnections;

    /// <summary>
    /// Mean time to the head of an answer in the recent past, over all front-ends, this one among them; zero for a backend of which that
    /// is not known.
    /// </summary>
    /// <param name="index">Index of the backend in <see cref="Keys"/>; one that the view does not have has no latency.</param>
    public TimeSpan LatencyOf(int index) => (uint)index < (uint)_latencies.Length ? _latencies[index] : TimeSpan.Zero;

    /// <summary>Whether there is a snapshot at all; without one the own counts decide alone.</summary>
    public bool HasSnapshot { get; init; }

    /// <summary>Not later than the moment at which the totals were true: when the report that they answer was sent.</summary>
    public TimeSpan TakenAt { get; init; }

    /// <summary>Traffic of the pool.</summary>
    public PoolTraffic Traffic { get; init; }

    /// <summary>What the view is worth at a moment.</summary>
    /// <param name="now">Monotonic time, of the clock that the machine was given.</param>
    public Outlook At(TimeSpan now) => HasSnapshot ? Outlook.Of(this, now) : Outlook.Blind;
}
