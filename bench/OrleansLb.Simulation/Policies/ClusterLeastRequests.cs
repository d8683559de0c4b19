using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>The shipped rule, called as the front-end calls it.</summary>
internal sealed class ClusterLeastRequests : IPickPolicy
{
    private double[] _loads = [];
    private double[] _known = [];

    public int Pick(in PickSituation situation, ref PickRandom random)
    {
        var own = situation.Own;
        if (_loads.Length != own.Length)
            (_loads, _known) = (new double[own.Length], new double[own.Length]);
        var view = situation.View;
        var outlook = view.At(situation.Now);
        for (var i = 0; i < own.Length; i++)
        {
            _loads[i] = view.HasSnapshot ? outlook.Load(own[i], view.Requests[i], view.Connections[i]) : 1 + own[i];
            _known[i] = view.HasSnapshot ? outlook.Known(view.Requests[i], view.Connections[i], view.OwnRequests[i], view.OwnConnections[i]) : 1;
        }

        return LeastRequestsPicker.Pick(_loads, _known, situation.Weights, outlook.Unseen, ref random);
    }
}
