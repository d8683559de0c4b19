using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Balancing;

/// <summary>Admits the backends that are below their cap of <see cref="BoundedLoadPicker"/>.</summary>
internal readonly ref struct BelowCap : IPlaceFilter
{
    private readonly ReadOnlySpan<double> _loads;
    private readonly ReadOnlySpan<double> _weights;
    private readonly double _perWeight;

    private BelowCap(ReadOnlySpan<double> loads, ReadOnlySpan<double> weights, double perWeight)
    {
        _loads = loads;
        _weights = weights;
        _perWeight = perWeight;
    }

    internal static BelowCap Of(ReadOnlySpan<double> loads, ReadOnlySpan<double> weights)
    {
        weights = weights[..Math.Min(loads.Length, weights.Length)];
        var (load, weight) = (1.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            if (PickWeight.Of(weights[i]) is not (var usable and > 0))
                continue;
            load += loads[i] - 1;
            weight += usable;
        }

        return weight > 0 ? new BelowCap(loads, weights, BoundedLoadPicker.Balance * load / weight) : OfEquals(loads);
    }

    /// <summary>Whether the backend has room for one more: then it is not above its cap with it.</summary>
    public bool Admits(int place)
    {
        if ((uint)place >= (uint)_loads.Length)
            return false;
        var weight = _weights.IsEmpty ? 1 : (uint)place < (uint)_weights.Length ? PickWeight.Of(_weights[place]) : 0;
        return weight > 0 && _loads[place] - 1 < Math.Ceiling(_perWeight * weight);
    }

    private static BelowCap OfEquals(ReadOnlySpan<double> loads)
    {
        var load = 1.0;
        foreach (var one in loads)
            load += one - 1;
        return new BelowCap(loads, [], BoundedLoadPicker.Balance * load / loads.Length);
    }
}
