namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// Rates out of growing counters, the recent past weighing most. Counts and the time they were counted in decay alike, so
/// that the first seconds are as unbiased as later ones.
/// </summary>
internal sealed class TrafficMeter
{
    // Seconds. Arrivals must follow a burst; the mean service time sets the pace of everything and should not jump.
    private const double ArrivalMemory = 1;
    private const double ServiceMemory = 5;

    private TrafficCounters _last;
    private TimeSpan _lastAt;
    private bool _started;
    private double _arrivals;
    private double _arrivalSeconds;

    /// <summary>Requests ended, decayed.</summary>
    public double Completions { get; private set; }

    /// <summary>Seconds spent in the requests of <see cref="Completions"/>, decayed alike.</summary>
    public double ServiceSeconds { get; private set; }

    /// <summary>Requests a second.</summary>
    public double ArrivalRate => _arrivalSeconds > 0 ? _arrivals / _arrivalSeconds : 0;

    /// <summary>Takes counters in; the first ones are only the level that later ones are compared with.</summary>
    public void Observe(in TrafficCounters counters, TimeSpan now)
    {
        if (_started)
            Advance(counters, (now - _lastAt).TotalSeconds);
        _started = true;
        _last = counters;
        _lastAt = now;
    }

    private void Advance(in TrafficCounters counters, double seconds)
    {
        var arrivals = Math.Exp(-seconds / ArrivalMemory);
        _arrivals = (_arrivals * arrivals) + Math.Max(0, counters.Arrivals - _last.Arrivals);
        _arrivalSeconds = (_arrivalSeconds * arrivals) + seconds;
        var service = Math.Exp(-seconds / ServiceMemory);
        Completions = (Completions * service) + Math.Max(0, counters.Completions - _last.Completions);
        ServiceSeconds = (ServiceSeconds * service) + Math.Max(0, (counters.ServiceTime - _last.ServiceTime).TotalSeconds);
    }
}
