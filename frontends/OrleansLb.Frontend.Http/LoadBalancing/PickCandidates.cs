using System.Collections.Frozen;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>A list of destinations with the slots behind them, under one configuration and one set of verdicts.</summary>
internal sealed class PickCandidates
{
    // A degraded backend goes on serving, at a quarter of its share.
    private const double DegradedShare = 0.25;

    // A destination that the pool does not know: YARP has applied a configuration and this table is about to.
    private const int Unknown = -1;

    private readonly FrozenDictionary<string, FrontendPool> _table;
    private readonly FrontendPool? _pool;
    private readonly PoolHealthView? _health;
    private readonly int[] _indexes;
    private readonly double[] _weights;

    public PickCandidates(FrozenDictionary<string, FrontendPool> table, string poolId, IReadOnlyList<DestinationState> destinations)
    {
        _table = table;
        _pool = table.GetValueOrDefault(poolId);
        _health = _pool?.Health;
        _indexes = new int[destinations.Count];
        _weights = new double[destinations.Count];
        for (var i = 0; i < destinations.Count; i++)
        {
            _indexes[i] = _pool is not null && _pool.IndexById.TryGetValue(destinations[i].DestinationId, out var index) ? index : Unknown;
            _weights[i] = WeightOf(_indexes[i]);
        }
    }

    public ReadOnlySpan<double> Weights => _weights;

    public bool IsCurrent(FrozenDictionary<string, FrontendPool> table) => ReferenceEquals(table, _table) && ReferenceEquals(_pool?.Health, _health);

    /// <summary>Fills in each destination's load, as the picker wants it.</summary>
    /// <param name="loads">As this front-end knows it.</param>
    /// <param name="known">As the other front-ends know it.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Requests of the other front-ends in flight that are in neither.</returns>
    public double Estimate(Span<double> loads, Span<double> known, TimeSpan now)
    {
        known.Fill(1);
        if (_pool is null)
        {
            loads.Fill(1);
            return 0;
        }

        var view = _pool.Load.View;
        // Until the exchange has followed the newest configuration, the view belongs to other slots.
        var aligned = view.HasSnapshot && view.Keys == _pool.Keys;
        var outlook = aligned ? view.At(now) : Outlook.Blind;
        for (var i = 0; i < loads.Length; i++)
        {
            var index = _indexes[i];
            var own = index == Unknown ? 0 : _pool.Slots[index].PickLoad;
            loads[i] = 1 + own;
            if (!aligned || index == Unknown)
                continue;
            loads[i] = outlook.Load(own, view.Requests[index], view.Connections[index]);
            known[i] = outlook.Known(view.Requests[index], view.Connections[index], view.OwnRequests[index], view.OwnConnections[index]);
        }

        return outlook.Unseen;
    }

    private double WeightOf(int index)
    {
        if (index == Unknown)
            return 1;
        var weight = _pool!.Definition.Backends[index].Weight;
        return _health!.StateOf(index) == BackendState.Degraded ? weight * DegradedShare : weight;
    }
}
