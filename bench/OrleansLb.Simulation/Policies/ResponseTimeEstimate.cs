using System.Collections.Immutable;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Simulation.Policies;

/// <summary>What the shipped pickers are given of the response times, worked out as often as the front-end works it out.</summary>
internal sealed class ResponseTimeEstimate(ImmutableArray<double> weights)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(10);

    private readonly PeakEwma[] _seen = new PeakEwma[weights.Length];
    private readonly double[] _known = new double[weights.Length];
    private readonly double[] _paces = new double[weights.Length];
    private readonly UsualLoad[] _usual = new UsualLoad[weights.Length];
    private readonly double[] _speeds = new double[weights.Length];
    private ForeignLoad? _view;
    private TimeSpan _staleAt;

    public AliasTable Table { get; } = AliasTable.Build(weights.AsSpan());

    /// <summary>Per backend its response time for each request in flight.</summary>
    public ReadOnlySpan<double> Paces => _paces;

    /// <summary>Per backend its weight divided by its response time.</summary>
    public ReadOnlySpan<double> Speeds => _speeds;

    /// <summary>Load per weight above which a backend is hot.</summary>
    public double HotAbove { get; private set; }

    public void Observe(int backend, TimeSpan took, TimeSpan now) => _seen[backend] = _seen[backend].Observe(took, now, PeakEwma.DefaultDecay);

    public void Take(in PickSituation situation, ReadOnlySpan<double> loads)
    {
        if (ReferenceEquals(_view, situation.View) && situation.Now < _staleAt)
            return;
        (_view, _staleAt) = (situation.View, situation.Now + Lifetime);
        for (var i = 0; i < _known.Length; i++)
            _known[i] = Math.Max(_seen[i].Read(situation.Now, PeakEwma.DefaultDecay), _view.LatencyOf(i).TotalSeconds);
        LeastResponseTimePicker.Weigh(situation.Weights, _known, _speeds);
        ResponseTimes.Complete(_known, _paces);
        for (var i = 0; i < _paces.Length; i++)
            _paces[i] /= (_usual[i] = _usual[i].Observe(loads[i], situation.Now)).Mean;
        HotAbove = HotColdPicker.HotAbove(loads, Table, _known);
    }
}
