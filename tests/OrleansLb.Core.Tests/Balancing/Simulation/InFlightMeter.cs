namespace OrleansLb.Core.Tests.Balancing.Simulation;

/// <summary>Time averages over what is in flight per backend.</summary>
internal sealed class InFlightMeter(double[] weights, double since)
{
    private readonly int[] _counts = new int[weights.Length];
    private readonly double[] _areas = new double[weights.Length];
    private double _since = since;
    private double _ratioArea;
    private double _busySeconds;
    private double _seconds;

    public double MaxOverMean => _ratioArea / _busySeconds;

    public double MaxMeanOverMean => Ratio(static (areas, i) => areas[i], _areas);

    public double InFlight => _areas.Sum() / _seconds;

    public void Moved(int backend, int count, double now)
    {
        if (now > _since)
        {
            var span = now - _since;
            for (var i = 0; i < weights.Length; i++)
                _areas[i] += _counts[i] * span;
            if (_counts.Sum() > 0)
            {
                _ratioArea += Ratio(static (counts, i) => counts[i], _counts) * span;
                _busySeconds += span;
            }

            _seconds += span;
            _since = now;
        }

        _counts[backend] = count;
    }

    private double Ratio<T>(Func<T[], int, double> value, T[] values)
    {
        var (most, sum, weightSum) = (0.0, 0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            most = Math.Max(most, value(values, i) / weights[i]);
            sum += value(values, i);
            weightSum += weights[i];
        }

        return most / (sum / weightSum);
    }
}
