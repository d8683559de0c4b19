using System.Threading.Channels;
using OrleansLb.Contracts.Events;

namespace OrleansLb.Admin.Events;

/// <summary>One who reads along. What it has not fetched is kept up to a bound; beyond it the reader is given up.</summary>
internal sealed class EventReader : IDisposable
{
    /// <summary>Most events that wait for one reader.</summary>
    public const int Backlog = 256;

    private readonly Channel<ClusterEvent> _events = Channel.CreateBounded<ClusterEvent>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _dropped = new();
    private readonly Action<EventReader> _leave;

    /// <param name="leave">What to call when the reader leaves.</param>
    public EventReader(Action<EventReader> leave) => _leave = leave;

    /// <summary>What happened between the event that was read last and now.</summary>
    public IReadOnlyList<ClusterEvent> Before { get; init; } = [];

    /// <summary>Whether the event that was read last is not known any more, so that some after it may be missing.</summary>
    public bool MayMiss { get; init; }

    /// <summary>Events as they happen; it ends when the reader is given up.</summary>
    public ChannelReader<ClusterEvent> Events => _events.Reader;

    /// <summary>Cancelled when the reader is given up: whoever is on the other side may never read again, so that its connection must be ended.</summary>
    public CancellationToken Dropped => _dropped.Token;

    /// <summary>Offers an event.</summary>
    /// <returns>Whether there was room.</returns>
    public bool Offer(ClusterEvent happened) => _events.Writer.TryWrite(happened);

    /// <summary>Gives the reader up, with what waits for it.</summary>
    public void Drop()
    {
        _events.Writer.TryComplete();
        while (_events.Reader.TryRead(out _))
        {
            // Nobody will read it.
        }

        _dropped.Cancel();
    }

    public void Dispose() => _leave(this);
}
