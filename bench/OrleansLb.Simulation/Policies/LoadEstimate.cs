using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>What the shipped pickers are given of the load, worked out as the front-end works it out.</summary>
internal sealed class LoadEstimate
{
    private double[] _loads = [];
    private double[] _known = [];

    /// <summary>Per backend what it would have in flight with the request to place.</summary>
    public ReadOnlySpan<double> Loads => _loads;

    /// <summary>The same as the other front-ends see it.</summary>
    public ReadOnlySpan<double> Known => _known;

    /// <summary>Requests of the others in flight that are in neither.</summary>
    public double Unseen { get; private set; }

    public void Take(in PickSituation situation)
    {
        var own = situation.Own;
        if (_loads.Length != own.Length)
            (_loads, _known) = (new double[own.Length], new double[own.Length]);
        var view = situation.View;
        var outlook = view.At(situation.Now);
        for (var i = 0; i < own.Length; i++)
        {
            _loads[i] = Load(situation, outlook, i);
            _known[i] = view.HasSnapshot ? outlook.Known(view.Requests[i], view.Connections[i], view.OwnRequests[i], view.OwnConnections[i]) : 1;
        }

        Unseen = outlook.Unseen;
    }

    /// <summary>The load of one backend, for pickers that look at few.</summary>
    public static double Load(in PickSituation situation, in Outlook outlook, int backend) => situation.View.HasSnapshot
        ? outlook.Load(situation.Own[backend], situation.View.Requests[backend], situation.View.Connections[backend])
        : 1 + situation.Own[backend];
}
