namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Averages over time of what is in flight at some backends, as the backends see it.</summary>
internal sealed class InFlightMeter(int backends)
{
    private readonly Lock _lock = new();
    private readonly int[] _counts = new int[backends];
    private readonly TimeProvider _clock = TimeProvider.System;
    private long _since;
    private bool _measures;
    private double _ratioSeconds;
    private double _inFlightSeconds;
    private double _busySeconds;

    /// <summary>Time average of (most in flight at a backend) / (mean in flight of the backends), while anything is.</summary>
    internal double MaxOverMean => _ratioSeconds / _busySeconds;

    internal double InFlight => _inFlightSeconds / _busySeconds;

    internal void Begin(int backend) => Move(backend, 1);

    internal void End(int backend) => Move(backend, -1);

    internal void Measure(bool on)
    {
        lock (_lock)
        {
            Advance();
            _measures = on;
        }
    }

    private void Move(int backend, int by)
    {
        lock (_lock)
        {
            Advance();
            _counts[backend] += by;
        }
    }

    private void Advance()
    {
        var now = _clock.GetTimestamp();
        var seconds = _clock.GetElapsedTime(_since, now).TotalSeconds;
        _since = now;
        var sum = _counts.Sum();
        if (!_measures || sum == 0)
            return;
        _ratioSeconds += seconds * _counts.Max() * backends / sum;
        _inFlightSeconds += seconds * sum;
        _busySeconds += seconds;
    }
}
