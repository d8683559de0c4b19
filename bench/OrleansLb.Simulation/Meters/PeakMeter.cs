using System.Collections.Immutable;

namespace OrleansLb.Simulation.Meters;

/// <summary>The most that each backend ever had in flight, relative to the mean over the backends and the time, both per weight.</summary>
internal sealed class PeakMeter(double[] weights)
{
    private readonly int[] _now = new int[weights.Length];
    private readonly int[] _most = new int[weights.Length];
    private long _inFlight;
    private double _area;
    private double _began;
    private double _since;

    /// <summary>Forgets what was measured, not what is in flight.</summary>
    public void Restart(double now)
    {
        (_area, _began, _since) = (0, now, now);
        _now.CopyTo(_most, 0);
    }

    public void Moved(int backend, int from, int to, double now)
    {
        _area += _inFlight * (now - _since);
        _since = now;
        _inFlight += to - from;
        _now[backend] = to;
        _most[backend] = Math.Max(_most[backend], to);
    }

    /// <summary>Per backend its peak; all 0 when nothing was in flight.</summary>
    public ImmutableArray<double> OverMean(double now)
    {
        var mean = (_area + (_inFlight * (now - _since))) / (now - _began) / weights.Sum();
        return [.. _most.Select((most, i) => mean > 0 ? most / weights[i] / mean : 0)];
    }
}
