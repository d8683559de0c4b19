namespace OrleansLb.Chaos;

/// <summary>What becomes of bytes that travel one way through a <see cref="ChaosProxy"/>. Bytes of one connection never overtake each other, as TCP promises.</summary>
public sealed record ChaosWay
{
    /// <summary>Bytes arrive as they come.</summary>
    public static ChaosWay Fair { get; } = new();

    /// <summary>How much later every chunk arrives.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Up to this much is added to the delay of each chunk, by chance: what different connections send arrives in another order.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Most bytes a second of each connection; no limit when <see langword="null"/>.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>Nothing arrives, new connections' bytes included. As with a network that loses everything, what was sent arrives once this is over.</summary>
    public bool IsBlackHole { get; init; }

    /// <summary>A connection is reset, both ways, once so many bytes have arrived this way.</summary>
    public long? ResetAfter { get; init; }

    /// <summary>A connection is closed this way, in good order, once so many bytes have arrived; what else is sent is swallowed.</summary>
    public long? HalfCloseAfter { get; init; }
}
