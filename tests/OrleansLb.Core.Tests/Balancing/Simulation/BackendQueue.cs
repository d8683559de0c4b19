namespace OrleansLb.Core.Tests.Balancing.Simulation;

internal sealed class BackendQueue(SimulatedBackend settings)
{
    private readonly Queue<double> _waiting = new();
    private readonly Queue<SimulatedRequest> _waitingRequests = new();
    private int _serving;

    public int InFlight => _serving + _waiting.Count;

    /// <summary>Takes a request in.</summary>
    /// <returns>When it ends; <see langword="null"/> while it waits.</returns>
    public double? Enter(SimulatedRequest request, double work, double now)
    {
        if (settings.Servers > 0 && _serving >= settings.Servers)
        {
            _waiting.Enqueue(work * settings.Slowness);
            _waitingRequests.Enqueue(request);
            return null;
        }

        _serving++;
        return now + (work * settings.Slowness);
    }

    /// <summary>Ends a request, and begins the next in line.</summary>
    public (SimulatedRequest Request, double EndsAt)? Leave(double now)
    {
        _serving--;
        if (_waiting.Count == 0)
            return null;
        _serving++;
        return (_waitingRequests.Dequeue(), now + _waiting.Dequeue());
    }
}
