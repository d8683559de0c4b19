namespace OrleansLb.Simulation.Frontends;

/// <summary>Failed requests as a front-end reckons with them: each counts for as long as a request lasts on average, fading. The product does so in its backend slots.</summary>
internal sealed class FadingFailures(int backends)
{
    private readonly double[] _counts = new double[backends];
    private TimeSpan _at;
    private bool _isEmpty = true;

    public ReadOnlySpan<double> At(TimeSpan now, TimeSpan serviceTime)
    {
        if (!_isEmpty && serviceTime > TimeSpan.Zero)
            Fade(Math.Exp(-(now - _at) / serviceTime));
        _at = now;
        return _counts;
    }

    public void Add(int backend)
    {
        _counts[backend]++;
        _isEmpty = false;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _isEmpty = true;
    }

    private void Fade(double kept)
    {
        _isEmpty = true;
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] = _counts[i] * kept is var left and > 0.01 ? left : 0;
            _isEmpty &= _counts[i] == 0;
        }
    }
}
