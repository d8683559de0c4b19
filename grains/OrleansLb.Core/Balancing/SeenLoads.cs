using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLb.Core.Balancing;

/// <summary>Loads with nothing unseen.</summary>
internal readonly ref struct SeenLoads(ReadOnlySpan<double> loads) : ILoadSight
{
    private readonly ReadOnlySpan<double> _loads = loads;
    private readonly ReadOnlySpan<Vector<double>> _wideLoads = MemoryMarshal.Cast<double, Vector<double>>(loads);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Load(int index) => _loads[index] - LeastRequestsPicker.LeftOut;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<double> Loads(int block) => _wideLoads[block] - new Vector<double>(LeastRequestsPicker.LeftOut);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Share(int index) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<double> Shares(int block) => Vector<double>.Zero;
}
