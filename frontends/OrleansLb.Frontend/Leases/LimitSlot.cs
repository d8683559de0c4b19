using OrleansLb.Core.Concurrency.Keys;

namespace OrleansLb.Frontend.Leases;

/// <summary>What a request has of a limit of requests in flight until it ends; nothing of other limits.</summary>
public readonly struct LimitSlot
{
    private readonly KeySlots? _slots;
    private readonly SlotTrial? _trial;
    private readonly int _count;

    internal LimitSlot(KeySlots slots, int count) => (_slots, _count) = (slots, count);

    internal LimitSlot(SlotTrial trial) => _trial = trial;

    /// <summary>Whether there is something to release.</summary>
    public bool IsHeld => _slots is not null || _trial is not null;

    /// <summary>Gives it back. Once, when the request has ended, however it ended.</summary>
    public void Release()
    {
        _slots?.Leave(_count);
        _trial?.Dispose();
    }
}
