using OrleansLb.Simulation.Events;

namespace OrleansLb.Simulation.Backends;

/// <summary>The requests in flight, by number.</summary>
internal sealed class RequestTable
{
    private Slots _slots = new();
    private SimulatedRequest[] _requests = new SimulatedRequest[256];
    private int _plans;

    public ref SimulatedRequest this[int request] => ref _requests[request];

    public int Add(in SimulatedRequest request)
    {
        var slot = _slots.Take();
        if (slot == _requests.Length)
            Array.Resize(ref _requests, slot * 2);
        _requests[slot] = request;
        return slot;
    }

    public void Remove(int request)
    {
        _requests[request].IsOpen = false;
        _slots.Return(request);
    }

    /// <summary>Plans how a request ends, in the place of what was planned for it before.</summary>
    public void Plan(int request, EventKind kind, double time, EventQueue events)
    {
        _requests[request].Plan = ++_plans;
        events.Plan(time, kind, request, _plans);
    }

    /// <summary>Whether a planned end is the one that counts: numbers are given again, and plans change.</summary>
    public bool IsCurrent(int request, int plan) => _requests[request].IsOpen && _requests[request].Plan == plan;

    /// <summary>The requests at a backend. Looks at all: for what happens rarely.</summary>
    public int[] At(int backend) =>
        [.. Enumerable.Range(0, _slots.Given).Where(request => _requests[request].IsOpen && _requests[request].Backend == backend)];
}
