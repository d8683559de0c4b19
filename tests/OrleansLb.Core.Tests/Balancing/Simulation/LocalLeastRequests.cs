using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Simulation;

/// <summary>What every balancer without shared state does: least requests of its own, ties at random.</summary>
internal sealed class LocalLeastRequests : IPickRule
{
    public int Pick(ForeignLoad view, int[] own, double[] weights, TimeSpan now, ref PickRandom random)
    {
        Span<double> loads = stackalloc double[own.Length];
        for (var i = 0; i < own.Length; i++)
            loads[i] = 1 + own[i];
        return LeastRequestsPicker.Pick(loads, weights, 0, ref random);
    }
}
