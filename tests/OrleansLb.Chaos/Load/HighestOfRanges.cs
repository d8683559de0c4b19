using System.Numerics;

namespace OrleansLb.Chaos.Load;

/// <summary>Numbers in a row, of which whole beginnings are raised at once and the highest is known at any time: a tree whose nodes keep what was added to all below them.</summary>
internal sealed class HighestOfRanges
{
    private readonly int _leaves;
    private readonly double[] _highest;
    private readonly double[] _added;

    /// <summary>A row in which no number is set.</summary>
    public HighestOfRanges(int length)
    {
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, length));
        (_highest, _added) = (new double[2 * _leaves], new double[2 * _leaves]);
        Array.Fill(_highest, double.NegativeInfinity);
    }

    /// <summary>The highest of the numbers that are set.</summary>
    public double Highest => _highest[1];

    /// <summary>Sets a number; what was added at its place before counts too.</summary>
    public void Set(int place, double value)
    {
        var leaf = _leaves + place;
        _highest[leaf] = value + _added[leaf];
        Climb(leaf);
    }

    /// <summary>Raises every number up to a place.</summary>
    public void AddUpTo(int place, double value)
    {
        var (left, right) = (_leaves, _leaves + place + 1);
        while (left < right)
        {
            if (left % 2 != 0)
                Add(left++, value);
            if (right % 2 != 0)
                Add(--right, value);
            (left, right) = (left / 2, right / 2);
        }

        Climb(_leaves);
        Climb(_leaves + place);
    }

    private void Add(int node, double value) => (_highest[node], _added[node]) = (_highest[node] + value, _added[node] + value);

    private void Climb(int from)
    {
        for (var node = from / 2; node >= 1; node /= 2)
            _highest[node] = Math.Max(_highest[2 * node], _highest[(2 * node) + 1]) + _added[node];
    }
}
