namespace OrleansLb.Core.Balancing;

/// <summary>What <see cref="HotColdPicker"/> sees of the backends when it compares two.</summary>
internal readonly ref struct HotColdSight
{
    private readonly ReadOnlySpan<double> _loads;
    private readonly ReadOnlySpan<double> _paces;
    private readonly double _hotAbove;
    private readonly ReadOnlySpan<double> _weights;

    internal HotColdSight(ReadOnlySpan<double> loads, ReadOnlySpan<double> paces, double hotAbove, ReadOnlySpan<double> weights)
    {
        _loads = loads[..Math.Min(loads.Length, Math.Min(paces.Length, weights.Length))];
        _paces = paces;
        _hotAbove = hotAbove;
        _weights = weights;
    }

    /// <summary>Whether one backend is to be preferred to another; of equals neither is. Without a positive weight, or unknown to the loads, never.</summary>
    internal bool IsBetter(int candidate, int best)
    {
        if ((uint)candidate >= (uint)_loads.Length || _weights[candidate] <= 0)
            return false;
        if ((uint)best >= (uint)_loads.Length)
            return true;
        var (load, bestLoad) = (_loads[candidate] / _weights[candidate], _loads[best] / _weights[best]);
        var (isHot, isBestHot) = (load > _hotAbove, bestLoad > _hotAbove);
        if (isHot != isBestHot)
            return isBestHot;
        return isHot ? load < bestLoad : _paces[candidate] * _loads[candidate] < _paces[best] * _loads[best];
    }
}
