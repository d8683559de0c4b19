namespace OrleansLb.Simulation.Events;

/// <summary>Events in the order of their time: a heap with four children to a node, which touches less memory than one with two.</summary>
internal sealed class EventQueue
{
    private const int Children = 4;

    private SimulationEvent[] _heap = new SimulationEvent[256];
    private long _order;

    public int Count { get; private set; }

    public void Plan(double time, EventKind kind, int subject = 0, int detail = 0)
    {
        if (Count == _heap.Length)
            Array.Resize(ref _heap, Count * 2);
        Rise(Count++, new SimulationEvent(time, _order++, kind, subject, detail));
    }

    public SimulationEvent Next()
    {
        var next = _heap[0];
        var last = _heap[--Count];
        if (Count > 0)
            Sink(last);
        return next;
    }

    private void Rise(int at, in SimulationEvent item)
    {
        while (at > 0)
        {
            var parent = (at - 1) / Children;
            if (!item.IsBefore(_heap[parent]))
                break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = item;
    }

    private void Sink(in SimulationEvent item)
    {
        var at = 0;
        while (true)
        {
            var first = (at * Children) + 1;
            if (first >= Count)
                break;
            var least = first;
            var end = Math.Min(first + Children, Count);
            for (var child = first + 1; child < end; child++)
            {
                if (_heap[child].IsBefore(_heap[least]))
                    least = child;
            }

            if (!_heap[least].IsBefore(item))
                break;
            _heap[at] = _heap[least];
            at = least;
        }

        _heap[at] = item;
    }
}
