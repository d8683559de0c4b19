using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>What is known of the response times of some candidates, worked out once for each snapshot of the cluster's load. Immutable.</summary>
internal sealed class ResponseTimeView
{
    // Without snapshots, or between rare ones, what this front-end sees itself is looked at this often.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(10);

    private readonly ForeignLoad? _foreign;
    private readonly TimeSpan _staleAt;
    private readonly double[] _paces;
    private readonly double[] _speeds;

    /// <param name="candidates">The candidates.</param>
    /// <param name="known">Per candidate its response time in seconds, 0 when there is none; taken over by the view.</param>
    /// <param name="load">What is known of the load.</param>
    /// <param name="now">Monotonic time.</param>
    public ResponseTimeView(PickCandidates candidates, double[] known, in LoadView load, TimeSpan now)
    {
        (_foreign, _staleAt) = (load.Foreign, now + Lifetime);
        _paces = new double[known.Length];
        _speeds = new double[known.Length];
        LeastResponseTimePicker.Weigh(candidates.Weights, known, _speeds);
        ResponseTimes.Complete(known, _paces);
        var loads = new double[known.Length];
        for (var i = 0; i < loads.Length; i++)
        {
            loads[i] = candidates.Load(i, load);
            _paces[i] /= candidates.SlotOf(i)?.ObserveLoad(loads[i], now) ?? 1;
        }

        HotAbove = HotColdPicker.HotAbove(loads, candidates.Alias, known);
    }

    /// <summary>Per candidate its response time for each request in flight; a newcomer's time is the median.</summary>
    public ReadOnlySpan<double> Paces => _paces;

    /// <summary>Per candidate its weight divided by its response time.</summary>
    public ReadOnlySpan<double> Speeds => _speeds;

    /// <summary>Load per weight above which a candidate is hot.</summary>
    public double HotAbove { get; }

    public bool IsCurrent(in LoadView load, TimeSpan now) => ReferenceEquals(load.Foreign, _foreign) && now < _staleAt;
}
