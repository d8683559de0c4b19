using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>Draws backends by weight.</summary>
internal sealed class WeightedDraw
{
    private readonly double[] _sums;
    private readonly bool _even;

    public WeightedDraw(double[] weights)
    {
        _even = weights.All(weight => weight == weights[0]);
        _sums = new double[weights.Length];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
            _sums[i] = sum += weights[i];
    }

    public int Draw(ref PickRandom random)
    {
        if (_even)
            return random.Next(_sums.Length);
        var at = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
        return at >= 0 ? Math.Min(at + 1, _sums.Length - 1) : Math.Min(~at, _sums.Length - 1);
    }

    /// <summary>Draws two that differ, where there are two.</summary>
    public (int First, int Second) DrawTwo(ref PickRandom random)
    {
        var first = Draw(ref random);
        if (_sums.Length == 1)
            return (first, first);
        var second = Draw(ref random);
        while (second == first)
            second = Draw(ref random);
        return (first, second);
    }
}
