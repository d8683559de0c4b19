namespace OrleansLb.Simulation.Meters;

/// <summary>
/// The time average of (most in flight at a backend) / (mean in flight per backend), both per weight. Counts how many
/// backends have each count, one table per weight, so that a move costs no look at the others.
/// </summary>
internal sealed class SpreadMeter
{
    private readonly double _weightSum;
    private readonly double[] _weights;
    private readonly int[] _weightOf;
    private readonly int[][] _levels;
    private readonly int[] _most;
    private double _since;
    private double _ratioArea;
    private double _busy;
    private long _inFlight;

    public SpreadMeter(IReadOnlyList<double> weights)
    {
        _weightSum = weights.Sum();
        _weights = [.. weights.Distinct()];
        _weightOf = [.. weights.Select(weight => Array.IndexOf(_weights, weight))];
        _levels = [.. _weights.Select(static _ => new int[64])];
        _most = new int[_weights.Length];
        for (var i = 0; i < weights.Count; i++)
            _levels[_weightOf[i]][0]++;
    }

    /// <summary>The measure; 0 when nothing was in flight.</summary>
    public double MaxOverMean => _busy > 0 ? _ratioArea / _busy : 0;

    /// <summary>Forgets what was measured, not what is in flight.</summary>
    public void Restart(double now) => (_since, _ratioArea, _busy) = (now, 0, 0);

    public void Moved(int backend, int from, int to, double now)
    {
        Pass(now);
        var weight = _weightOf[backend];
        if (to >= _levels[weight].Length)
            Array.Resize(ref _levels[weight], to * 2);
        var levels = _levels[weight];
        levels[from]--;
        levels[to]++;
        _inFlight += to - from;
        if (to > _most[weight])
            _most[weight] = to;
        while (_most[weight] > 0 && levels[_most[weight]] == 0)
            _most[weight]--;
    }

    private void Pass(double now)
    {
        var span = now - _since;
        _since = now;
        if (_inFlight == 0)
            return;
        var most = 0.0;
        for (var i = 0; i < _weights.Length; i++)
            most = Math.Max(most, _most[i] / _weights[i]);
        _ratioArea += span * most * _weightSum / _inFlight;
        _busy += span;
    }
}
