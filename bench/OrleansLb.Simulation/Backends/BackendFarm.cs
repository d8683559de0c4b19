using System.Collections.Immutable;
using OrleansLb.Simulation.Events;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Backends;

/// <summary>The backends: each serves so many at once, the others wait in order.</summary>
internal sealed class BackendFarm
{
    private readonly ImmutableArray<BackendShape> _shapes;
    private readonly RequestTable _requests;
    private readonly EventQueue _events;
    private readonly int[] _inFlight;
    private readonly int[] _head;
    private readonly int[] _tail;

    public BackendFarm(ImmutableArray<BackendShape> shapes, RequestTable requests, EventQueue events)
    {
        (_shapes, _requests, _events) = (shapes, requests, events);
        (_inFlight, _head, _tail) = (new int[shapes.Length], new int[shapes.Length], new int[shapes.Length]);
        Array.Fill(_head, SimulatedRequest.None);
    }

    /// <summary>Requests at each backend, served and waiting.</summary>
    public ReadOnlySpan<int> InFlight => _inFlight;

    public void Enter(int request, double now)
    {
        ref var entered = ref _requests[request];
        var backend = entered.Backend;
        var servers = _shapes[backend].Servers;
        if (servers == 0 || _inFlight[backend] < servers)
        {
            Serve(request, now);
        }
        else
        {
            entered.Next = SimulatedRequest.None;
            if (_head[backend] == SimulatedRequest.None)
                _head[backend] = request;
            else
                _requests[_tail[backend]].Next = request;
            _tail[backend] = request;
        }

        _inFlight[backend]++;
    }

    /// <summary>Ends a request, and begins the next in line.</summary>
    public void Leave(int request, double now)
    {
        var backend = _requests[request].Backend;
        _inFlight[backend]--;
        var next = _head[backend];
        if (next == SimulatedRequest.None)
            return;
        _head[backend] = _requests[next].Next;
        Serve(next, now);
    }

    private void Serve(int request, double now)
    {
        ref var served = ref _requests[request];
        _events.Plan(now + (served.Work * _shapes[served.Backend].Slowness), EventKind.Departure, request);
    }
}
