using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansLb.Core.Balancing;

/// <summary>Loads once the others' unseen requests have filled up what they know to be below a level.</summary>
internal readonly ref struct LevelledLoads : ILoadSight
{
    private readonly ReadOnlySpan<double> _loads;
    private readonly ReadOnlySpan<double> _known;
    private readonly ReadOnlySpan<double> _weights;
    private readonly ReadOnlySpan<Vector<double>> _wideLoads;
    private readonly ReadOnlySpan<Vector<double>> _wideKnown;
    private readonly ReadOnlySpan<Vector<double>> _wideWeights;
    private readonly double _level;

    /// <param name="loads">Per backend its load with the request to place.</param>
    /// <param name="known">The same as the others see it; as many.</param>
    /// <param name="weights">Per backend its weight; as many.</param>
    /// <param name="unseen">Requests of the others that are in neither.</param>
    internal LevelledLoads(ReadOnlySpan<double> loads, ReadOnlySpan<double> known, ReadOnlySpan<double> weights, double unseen)
    {
        _loads = loads;
        _known = known;
        _weights = weights;
        _wideLoads = MemoryMarshal.Cast<double, Vector<double>>(loads);
        _wideKnown = MemoryMarshal.Cast<double, Vector<double>>(known);
        _wideWeights = MemoryMarshal.Cast<double, Vector<double>>(weights);
        _level = LevelOf(unseen);
    }

    public double Load(int index) => _loads[index] + Share(index) - LeastRequestsPicker.LeftOut;

    public Vector<double> Loads(int block) => _wideLoads[block] + Shares(block) - new Vector<double>(LeastRequestsPicker.LeftOut);

    public double Share(int index) => Math.Max(0, (_level * _weights[index]) - _known[index] + LeastRequestsPicker.LeftOut);

    public Vector<double> Shares(int block) => Vector.MaxNative(
        Vector<double>.Zero, (new Vector<double>(_level) * _wideWeights[block]) - _wideKnown[block] + new Vector<double>(LeastRequestsPicker.LeftOut));

    /// <summary>The load per weight that the backends below it reach when the unseen requests fill them up evenly.</summary>
    private double LevelOf(double unseen)
    {
        var level = double.PositiveInfinity;
        var before = _known.Length + 1;
        while (true)
        {
            var (count, load, weight) = Below(level);
            // Each round leaves out those above the last level, which lowers it: it ends after as many rounds as backends at most.
            if (count == 0 || count >= before)
                return level;
            (before, level) = (count, (unseen + load) / weight);
        }
    }

    /// <summary>How many are below a level, and what they have together.</summary>
    private (int Count, double Load, double Weight) Below(double level)
    {
        var (wideLevel, leftOut) = (new Vector<double>(level), new Vector<double>(LeastRequestsPicker.LeftOut));
        var (counts, loads, weights) = (Vector<long>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        for (var i = 0; i < _wideKnown.Length; i++)
        {
            var (known, weight) = (_wideKnown[i] - leftOut, _wideWeights[i]);
            var isBelow = Vector.LessThan(known, wideLevel * weight);
            counts -= isBelow;
            loads += Vector.ConditionalSelect(isBelow, known, Vector<double>.Zero);
            weights += Vector.ConditionalSelect(isBelow, weight, Vector<double>.Zero);
        }

        var below = (Count: (int)Vector.Sum(counts), Load: Vector.Sum(loads), Weight: Vector.Sum(weights));
        for (var i = _wideKnown.Length * Vector<double>.Count; i < _known.Length; i++)
        {
            if (_known[i] - LeastRequestsPicker.LeftOut < level * _weights[i])
                below = (below.Count + 1, below.Load + _known[i] - LeastRequestsPicker.LeftOut, below.Weight + _weights[i]);
        }

        return below;
    }
}
