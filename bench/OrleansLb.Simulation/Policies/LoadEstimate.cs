using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>What the shipped pickers are given of the load, worked out as the front-end works it out.</summary>
/// <param name="constants">The constants of the rule.</param>
internal sealed class LoadEstimate(RuleConstants constants)
{
    // The picker leaves half of the request to place out, whatever the loads that it is given have in them.
    private readonly double _shift = RuleConstants.Shipped.LeftOut - constants.LeftOut;

    private double[] _loads = [];
    private double[] _known = [];

    /// <summary>Per candidate what it would have in flight with the request to place.</summary>
    public ReadOnlySpan<double> Loads => _loads;

    /// <summary>The same as the other front-ends see it.</summary>
    public ReadOnlySpan<double> Known => _known;

    /// <summary>Requests of the others in flight that are in neither.</summary>
    public double Unseen { get; private set; }

    public void Take(in PickSituation situation)
    {
        var backends = situation.Candidates.Backends;
        if (_loads.Length != backends.Length)
            (_loads, _known) = (new double[backends.Length], new double[backends.Length]);
        var view = situation.View;
        var outlook = view.HasSnapshot ? Outlook.Of(view, situation.Now, constants.ReckoningTime) : Outlook.Blind;
        for (var place = 0; place < backends.Length; place++)
        {
            var backend = backends[place];
            _loads[place] = Load(situation, outlook, backend) + _shift;
            _known[place] = _shift
                + (view.HasSnapshot ? outlook.Known(view.Requests[backend], view.Connections[backend], view.OwnRequests[backend], view.OwnConnections[backend]) : 1);
        }

        Unseen = outlook.Unseen;
    }

    /// <summary>The load of one backend, for pickers that look at few.</summary>
    public static double Load(in PickSituation situation, in Outlook outlook, int backend)
    {
        var own = situation.Own[backend] + situation.Failures[backend];
        return situation.View.HasSnapshot ? outlook.Load(own, situation.View.Requests[backend], situation.View.Connections[backend]) : 1 + own;
    }
}
