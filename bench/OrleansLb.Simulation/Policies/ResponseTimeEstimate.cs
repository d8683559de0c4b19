using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Simulation.Policies;

/// <summary>What the shipped pickers are given of the response times, worked out as often as the front-end works it out.</summary>
/// <param name="backends">Backends of the pool.</param>
internal sealed class ResponseTimeEstimate(int backends)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(10);

    private readonly PeakEwma[] _seen = new PeakEwma[backends];
    private readonly UsualLoad[] _usual = new UsualLoad[backends];
    private double[] _known = [];
    private double[] _paces = [];
    private double[] _speeds = [];
    private Candidates? _candidates;
    private ForeignLoad? _view;
    private TimeSpan _staleAt;

    /// <summary>Per candidate its response time for each request in flight.</summary>
    public ReadOnlySpan<double> Paces => _paces;

    /// <summary>Per candidate its weight divided by its response time.</summary>
    public ReadOnlySpan<double> Speeds => _speeds;

    /// <summary>Load per weight above which a candidate is hot.</summary>
    public double HotAbove { get; private set; }

    public void Observe(int backend, TimeSpan took, TimeSpan now) => _seen[backend] = _seen[backend].Observe(took, now, PeakEwma.DefaultDecay);

    public void Take(in PickSituation situation, ReadOnlySpan<double> loads)
    {
        if (ReferenceEquals(_candidates, situation.Candidates) && ReferenceEquals(_view, situation.View) && situation.Now < _staleAt)
            return;
        (_candidates, _view, _staleAt) = (situation.Candidates, situation.View, situation.Now + Lifetime);
        if (_known.Length != loads.Length)
            (_known, _paces, _speeds) = (new double[loads.Length], new double[loads.Length], new double[loads.Length]);
        var places = _candidates.Backends;
        for (var i = 0; i < _known.Length; i++)
            _known[i] = Math.Max(_seen[places[i]].Read(situation.Now, PeakEwma.DefaultDecay), _view.LatencyOf(places[i]).TotalSeconds);
        LeastResponseTimePicker.Weigh(_candidates.Weights, _known, _speeds);
        ResponseTimes.Complete(_known, _paces);
        for (var i = 0; i < _paces.Length; i++)
            _paces[i] /= (_usual[places[i]] = _usual[places[i]].Observe(loads[i], situation.Now)).Mean;
        HotAbove = HotColdPicker.HotAbove(loads, _candidates.Alias, _known);
    }
}
