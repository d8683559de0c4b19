namespace OrleansLb.Simulation.Meters;

/// <summary>
/// The herd index. Of all picks that follow a pick of another front-end within a service time, the share that went to the
/// same backend, divided by the chance of that if each pick were drawn by itself with the shares that the backends got
/// overall. 1 is independence; below it front-ends keep out of each other's way, above it they run to the same backend.
/// </summary>
internal sealed class HerdMeter(int backends, double serviceSeconds)
{
    private readonly long[] _picks = new long[backends];
    private long _pairs;
    private long _same;
    private int _lastFrontend = -1;
    private int _lastBackend;
    private double _lastAt;

    /// <summary>The index; 0 when no two front-ends picked after each other.</summary>
    public double Index
    {
        get
        {
            var picks = (double)_picks.Sum();
            var chance = _picks.Sum(count => count / picks * (count / picks));
            return _pairs == 0 ? 0 : _same / (_pairs * chance);
        }
    }

    /// <summary>Picks by backend.</summary>
    public ReadOnlySpan<long> Picks => _picks;

    public void Picked(int frontend, int backend, double now)
    {
        _picks[backend]++;
        if (_lastFrontend >= 0 && _lastFrontend != frontend && now - _lastAt < serviceSeconds)
        {
            _pairs++;
            if (backend == _lastBackend)
                _same++;
        }

        (_lastFrontend, _lastBackend, _lastAt) = (frontend, backend, now);
    }
}
