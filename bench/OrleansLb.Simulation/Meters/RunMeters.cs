using System.Collections.Immutable;
using OrleansLb.Reports;
using OrleansLb.Simulation.Backends;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Meters;

/// <summary>All meters of a run; they look only while it is measured.</summary>
internal sealed class RunMeters(Scenario scenario)
{
    private readonly TimeHistogram _times = new();
    private readonly SpreadMeter _spread = new([.. scenario.Backends.Select(static backend => backend.Weight)]);
    private readonly HerdMeter _herd = new(scenario.Backends.Length, scenario.ServiceSeconds);
    private readonly PeakMeter _peaks = new([.. scenario.Backends.Select(static backend => backend.Weight)]);
    private ImmutableArray<double> _peaksOverMean = [];
    private long _requests;
    private long _reports;
    private long _lost;
    private long _failed;
    private long _misdirected;
    private long _open;
    private bool _isOver;
    private double _maxOverMean;

    /// <summary>Whether what happens now counts.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Whether measuring has ended, and all requests that count have too.</summary>
    public bool IsDone => _isOver && _open == 0;

    public void Start(double now)
    {
        IsOn = true;
        _spread.Restart(now);
        _peaks.Restart(now);
    }

    public void Stop(double now)
    {
        (IsOn, _isOver) = (false, true);
        _maxOverMean = _spread.MaxOverMean;
        _peaksOverMean = _peaks.OverMean(now);
    }

    public void Picked(int frontend, int backend, double now)
    {
        if (!IsOn)
            return;
        _requests++;
        _open++;
        _herd.Picked(frontend, backend, now);
    }

    /// <summary>A pick went to a backend that the pool has ruled out, though another one takes traffic.</summary>
    public void Misdirected()
    {
        if (IsOn)
            _misdirected++;
    }

    /// <summary>A request that was picked while measuring ended.</summary>
    public void Ended(double seconds, RequestEnd end)
    {
        _open--;
        if (end == RequestEnd.Answered)
            _times.Add(seconds / scenario.ServiceSeconds);
        else if (end == RequestEnd.Failed)
            _failed++;
        else
            _lost++;
    }

    public void Moved(int backend, int from, int to, double now)
    {
        _spread.Moved(backend, from, to, now);
        _peaks.Moved(backend, from, to, now);
    }

    public void Reported()
    {
        if (IsOn)
            _reports++;
    }

    public RunResult Result() => new(_times, _maxOverMean, _herd.Index, _requests == 0 ? 0 : (double)_reports / _requests, _lost, [.. _herd.Picks])
    {
        Failed = _failed,
        Misdirected = _misdirected,
        Peaks = _peaksOverMean,
    };
}
