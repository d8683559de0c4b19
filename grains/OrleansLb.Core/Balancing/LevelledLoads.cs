using System.Numerics;
using System.Runtime.CompilerServices;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Load(int index) => _loads[index] + Share(index) - LeastRequestsPicker.LeftOut;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<double> Loads(int block) => _wideLoads[block] + Shares(block) - new Vector<double>(LeastRequestsPicker.LeftOut);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Share(int index) => (_level * _weights[index]) - _known[index] + LeastRequestsPicker.LeftOut is var share and > 0 ? share : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<double> Shares(int block) => Vector.MaxNative(
        Vector<double>.Zero, (new Vector<double>(_level) * _wideWeights[block]) - _wideKnown[block] + new Vector<double>(LeastRequestsPicker.LeftOut));

    /// <summary>The load per weight that the backends below it reach when the unseen requests fill them up evenly.</summary>
    private double LevelOf(double unseen)
    {
        // Each round leaves out those above the last level, which lowers it: it ends after as many rounds as backends at most. They are counted, because one that is
        // exactly at the level may lower it by rounding alone, again and again.
        var (level, before) = (double.PositiveInfinity, _known.Length + 1L);
        while (true)
        {
            var (count, load, weight) = Below(level);
            if (count == 0 || count >= before)
                return level;
            (before, level) = (count, (unseen + load) / weight);
        }
    }

    /// <summary>How many are below a level, and what they have together.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private (long Count, double Load, double Weight) Below(double level)
    {
        var (wideLevel, leftOut) = (new Vector<double>(level), new Vector<double>(LeastRequestsPicker.LeftOut));
        var (wideCount, wideLoad, wideWeight) = (Vector<long>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        for (var i = 0; i < _wideKnown.Length; i++)
        {
            var known = _wideKnown[i] - leftOut;
            var isBelow = Vector.LessThan(known, wideLevel * _wideWeights[i]);
            wideCount -= isBelow;
            wideLoad += Vector.ConditionalSelect(isBelow, known, Vector<double>.Zero);
            wideWeight += Vector.ConditionalSelect(isBelow, _wideWeights[i], Vector<double>.Zero);
        }

        var (count, load, weight) = (Vector.Sum(wideCount), Vector.Sum(wideLoad), Vector.Sum(wideWeight));
        for (var i = _wideKnown.Length * Vector<double>.Count; i < _known.Length; i++)
        {
            if (!(_known[i] - LeastRequestsPicker.LeftOut < level * _weights[i]))
                continue;
            count++;
            load += _known[i] - LeastRequestsPicker.LeftOut;
            weight += _weights[i];
        }

        return (count, load, weight);
    }
}
