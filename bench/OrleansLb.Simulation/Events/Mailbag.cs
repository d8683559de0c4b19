namespace OrleansLb.Simulation.Events;

/// <summary>Messages on their way, outside the event queue so that its items stay small.</summary>
internal sealed class Mailbag
{
    private Slots _slots = new();
    private object?[] _messages = new object?[16];

    public int Put(object message)
    {
        var slot = _slots.Take();
        if (slot == _messages.Length)
            Array.Resize(ref _messages, slot * 2);
        _messages[slot] = message;
        return slot;
    }

    public object Take(int slot)
    {
        var message = _messages[slot]!;
        _messages[slot] = null;
        _slots.Return(slot);
        return message;
    }
}
