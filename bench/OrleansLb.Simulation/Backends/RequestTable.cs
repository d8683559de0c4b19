using OrleansLb.Simulation.Events;

namespace OrleansLb.Simulation.Backends;

/// <summary>The requests in flight, by number.</summary>
internal sealed class RequestTable
{
    private Slots _slots = new();
    private SimulatedRequest[] _requests = new SimulatedRequest[256];

    public ref SimulatedRequest this[int request] => ref _requests[request];

    public int Add(in SimulatedRequest request)
    {
        var slot = _slots.Take();
        if (slot == _requests.Length)
            Array.Resize(ref _requests, slot * 2);
        _requests[slot] = request;
        return slot;
    }

    public void Remove(int request) => _slots.Return(request);
}
