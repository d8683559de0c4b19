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

    public double[] Loads => _loads;

    public double[] Known => _known;

    public static PickScratch OfThread(int count)
    {
        var scratch = _ofThread ??= new PickScratch();
        if (scratch._loads.Length < count)
            (scratch._loads, scratch._known) = (new double[count * 2], new double[count * 2]);
        return scratch;
    }
}
