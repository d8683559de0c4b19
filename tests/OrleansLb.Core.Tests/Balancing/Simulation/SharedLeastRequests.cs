using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Simulation;

/// <summary>The shipped rule.</summary>
internal sealed class SharedLeastRequests : IPickRule
{
    public int Pick(ForeignLoad view, int[] own, double[] weights, TimeSpan now, ref PickRandom random)
    {
        var outlook = view.At(now);
        Span<double> loads = stackalloc double[own.Length];
        for (var i = 0; i < own.Length; i++)
            loads[i] = view.HasSnapshot ? outlook.Load(own[i], view.Requests[i], view.Connections[i]) : 1 + own[i];
        return LeastRequestsPicker.Pick(loads, weights, outlook.Unseen, ref random);
    }
}
