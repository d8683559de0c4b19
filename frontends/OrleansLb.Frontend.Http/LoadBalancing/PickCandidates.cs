using OrleansLb.Core.Balancing;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Destinations that come into question together, with the slots behind them and what policies need of their weights.</summary>
internal sealed class PickCandidates
{
    // A destination that the pool does not know: YARP has applied a configuration and this table is about to. Without a sign it is the last of all.
    private const int Unknown = -1;

    private readonly FrontendPool? _pool;
    private readonly CandidateLoads _loads;
    private readonly int[] _indexes;
    private readonly int[] _places;
    private readonly double[] _weights;
    private AliasTable? _alias;
    private WeightedRoundRobinSchedule? _schedule;
    private ResponseTimeView? _responseTimes;
    private ReportedWeightView? _reported;

    /// <param name="pool">The pool; <see langword="null"/> when this front-end has none of that name yet.</param>
    /// <param name="health">Its verdicts.</param>
    /// <param name="destinations">What comes into question.</param>
    /// <param name="now">Monotonic time, for weights that grow with it.</param>
    public PickCandidates(FrontendPool? pool, PoolHealthView? health, IReadOnlyList<DestinationState> destinations, TimeSpan now)
    {
        // YARP's lists are in no order; the pool's is everybody's.
        var known = destinations.Select(destination => (Destination: destination, Index: pool is not null && pool.IndexById.TryGetValue(destination.DestinationId, out var index) ? index : Unknown))
            .OrderBy(static known => (uint)known.Index).ToArray();
        _pool = pool;
        _indexes = Array.ConvertAll(known, static known => known.Index);
        _places = new int[pool?.Slots.Length ?? 0];
        _weights = Array.ConvertAll(_indexes, index => WeightOf(index, health, now));
        _loads = new CandidateLoads(pool, _indexes);
        Destinations = Array.ConvertAll(known, static known => known.Destination);
        Array.Fill(_places, -1);
        for (var i = 0; i < known.Length && _indexes[i] != Unknown; i++)
            _places[_indexes[i]] = i;
    }

    /// <summary>The candidates in the order of the pool's backends, and then those that the pool does not know.</summary>
    public DestinationState[] Destinations { get; }

    public int Count => _weights.Length;

    /// <summary>The pool; <see langword="null"/> when this front-end has none of that name yet.</summary>
    public FrontendPool? Pool => _pool;

    /// <summary>Per candidate its weight, as configured, as its state and its agent leave it, and as far as it has warmed up.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Per backend of the pool its position among the candidates; -1 for those that are none.</summary>
    public ReadOnlySpan<int> Places => _places;

    // Made by the first who needs it; two that race make the same.
    public AliasTable Alias => _alias ??= AliasTable.Build(_weights);

    public WeightedRoundRobinSchedule Schedule => _schedule ??= WeightedRoundRobinSchedule.Build(_weights);

    /// <summary>What is known of the load at one moment, for <see cref="Load"/>.</summary>
    public LoadView ViewAt(TimeSpan now)
    {
        // Until the exchange has followed the newest configuration, the view belongs to other slots.
        if (_pool?.Load.View is { HasSnapshot: true } view && view.Keys == _pool.Keys)
            return new LoadView(view, view.At(now));
        return new LoadView(null, Outlook.Blind);
    }

    /// <summary>The load of one candidate as the pickers want it, with the request to place.</summary>
    public double Load(int place, in LoadView view)
    {
        var index = _indexes[place];
        if (index == Unknown)
            return 1;
        var own = _pool!.Slots[index].PickLoad;
        return view.Foreign is { } foreign ? view.Outlook.Load(own, foreign.Requests[index], foreign.Connections[index]) : 1 + own;
    }

    /// <summary>Fills in each candidate's load, and, where it makes a difference, that load as the other front-ends know it.</summary>
    /// <returns>Requests of the other front-ends in flight that are in neither.</returns>
    public double Estimate(Span<double> loads, Span<double> known, TimeSpan now)
    {
        var view = ViewAt(now);
        _loads.Fill(view, loads);
        if (LeastRequestsPicker.Heeds(view.Outlook.Unseen))
            _loads.FillKnown(view, known);
        return view.Outlook.Unseen;
    }

    /// <summary>Fills in each candidate's load.</summary>
    /// <returns>Requests of the other front-ends in flight that are not in it.</returns>
    public double Estimate(Span<double> loads, TimeSpan now)
    {
        var view = ViewAt(now);
        _loads.Fill(view, loads);
        return view.Outlook.Unseen;
    }

    /// <summary>
    /// The candidates' response times: of each the longer of what this front-end has just seen and what all of them saw in the recent past, so that one slow answer
    /// counts at once.
    /// </summary>
    public ResponseTimeView ResponseTimesAt(TimeSpan now)
    {
        var load = ViewAt(now);
        if (_responseTimes is { } known && known.IsCurrent(load, now))
            return known;
        var times = new double[Count];
        for (var i = 0; i < times.Length; i++)
            times[i] = _indexes[i] == Unknown ? 0 : Math.Max(_pool!.Slots[_indexes[i]].ResponseTime(now), load.Foreign?.LatencyOf(_indexes[i]).TotalSeconds ?? 0);
        return _responseTimes = new ResponseTimeView(this, times, load, now);
    }

    /// <summary>Picks by what the candidates report of their capacity, as known at some moment not long ago.</summary>
    public AliasTable ReportedAt(TimeSpan now)
    {
        // Two that find it stale at once make the same; it is rare, and cheaper than a lock for all.
        if (_reported is not { } known || !known.IsCurrent(now))
            _reported = known = new ReportedWeightView(this, now);
        return known.Alias;
    }

    /// <summary>The slot behind a candidate; <see langword="null"/> for a destination that the pool does not know yet.</summary>
    public BackendSlot? SlotOf(int place) => _indexes[place] == Unknown ? null : _pool!.Slots[_indexes[place]];

    private double WeightOf(int index, PoolHealthView? health, TimeSpan now) => index == Unknown ? 1 : BackendWeight.Of(_pool!, health!, index, now);
}
