using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>A request that waits for slots of its key. Its members are written by the <see cref="KeySlotHolder"/>, under its lock.</summary>
/// <param name="key">The key.</param>
/// <param name="count">Slots that it needs, at least 1.</param>
public abstract class KeySlotWaiter(RateLimitKey key, int count)
{
    /// <summary>The key.</summary>
    public RateLimitKey Key => key;

    /// <summary>Slots that it needs.</summary>
    public int Count => count;

    /// <summary>The key's slots here, once it has or waits for some.</summary>
    public KeySlots? Slots { get; internal set; }

    /// <summary>When it came.</summary>
    internal TimeSpan ArrivedAt { get; set; }

    /// <summary>The first report that told of it; 0 for none yet.</summary>
    internal long AskedIn { get; set; }

    /// <summary>Whether the range has answered that there is none for it, so that it waited for others to end.</summary>
    public bool IsQueued { get; internal set; }

    /// <summary>Where it stands.</summary>
    internal LinkedListNode<KeySlotWaiter>? Place { get; set; }

    /// <summary>Ends the wait, once. Must not call back.</summary>
    /// <param name="outcome">What came of it.</param>
    protected internal abstract void End(KeySlotOutcome outcome);
}
