using System.Collections.Immutable;
using OrleansLb.Simulation.Events;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Backends;

/// <summary>The backends: each serves so many at once, the others wait in order; and each may fail.</summary>
internal sealed class BackendFarm
{
    private readonly ImmutableArray<BackendShape> _shapes;
    private readonly RequestTable _requests;
    private readonly EventQueue _events;
    private readonly BackendCondition[] _conditions;
    private readonly double[] _slowness;
    private readonly int[] _inFlight;
    private readonly int[] _head;
    private readonly int[] _tail;

    public BackendFarm(ImmutableArray<BackendShape> shapes, RequestTable requests, EventQueue events)
    {
        (_shapes, _requests, _events) = (shapes, requests, events);
        (_inFlight, _head, _tail) = (new int[shapes.Length], new int[shapes.Length], new int[shapes.Length]);
        _conditions = new BackendCondition[shapes.Length];
        _slowness = [.. shapes.Select(static shape => shape.Slowness)];
        Array.Fill(_head, SimulatedRequest.None);
    }

    /// <summary>Requests at each backend, served and waiting.</summary>
    public ReadOnlySpan<int> InFlight => _inFlight;

    public BackendCondition ConditionOf(int backend) => _conditions[backend];

    public void Enter(int request, double now)
    {
        ref var entered = ref _requests[request];
        var backend = entered.Backend;
        var servers = _shapes[backend].Servers;
        if (_conditions[backend] == BackendCondition.Serving)
        {
            if (servers == 0 || _inFlight[backend] < servers)
                Serve(request, now);
            else
                Queue(request, backend);
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

    /// <summary>Stops serving: nothing that is there goes on by itself.</summary>
    public void Stop(int backend, BackendCondition condition)
    {
        _conditions[backend] = condition;
        _head[backend] = SimulatedRequest.None;
        foreach (var request in _requests.At(backend))
            _requests[request].Plan = SimulatedRequest.NoPlan;
    }

    /// <summary>Serves again what is sent from now on.</summary>
    public void Restart(int backend) => _conditions[backend] = BackendCondition.Serving;

    /// <summary>Takes so many times as long as usual for what it begins from now on.</summary>
    public void SetPace(int backend, double factor) => _slowness[backend] = _shapes[backend].Slowness * factor;

    private void Queue(int request, int backend)
    {
        _requests[request].Next = SimulatedRequest.None;
        if (_head[backend] == SimulatedRequest.None)
            _head[backend] = request;
        else
            _requests[_tail[backend]].Next = request;
        _tail[backend] = request;
    }

    private void Serve(int request, double now) =>
        _requests.Plan(request, EventKind.Departure, now + (_requests[request].Work * _slowness[_requests[request].Backend]), _events);
}
