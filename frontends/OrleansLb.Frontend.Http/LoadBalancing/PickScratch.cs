using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>What a thread needs for its picks, made once.</summary>
internal sealed class PickScratch
{
    [ThreadStatic]
    private static PickScratch? _ofThread;

    private double[] _loads = new double[16];
    private double[] _known = new double[16];

    // A field, because the picker draws from it by reference.
    public PickRandom Random = new((ulong)System.Random.Shared.NextInt64());

    public static PickScratch OfThread() => _ofThread ??= new PickScratch();

    /// <summary>Memory for the loads of some candidates; what it holds is left over.</summary>
    public Span<double> Loads(int count)
    {
        if (_loads.Length < count)
            _loads = new double[count * 2];
        return _loads.AsSpan(0, count);
    }

    /// <summary>Memory for the same loads as the other front-ends know them; what it holds is left over.</summary>
    public Span<double> Known(int count)
    {
        if (_known.Length < count)
            _known = new double[count * 2];
        return _known.AsSpan(0, count);
    }
}
