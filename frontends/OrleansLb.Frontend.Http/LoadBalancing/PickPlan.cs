using System.Collections.Frozen;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>
/// Which of a list of destinations come into question for how much of the traffic, under one configuration and one set of verdicts: one group in most pools,
/// one for each tier that carries something where backends have priorities or zones.
/// </summary>
internal sealed class PickPlan
{
    private readonly FrozenDictionary<string, FrontendPool> _table;
    private readonly PoolHealthView? _health;
    private readonly TimeSpan _staleAt;
    private readonly PickGroup[] _groups;

    /// <param name="table">The pools in force when the plan was made.</param>
    /// <param name="pool">The pool of the destinations; <see langword="null"/> when there is none of that name yet.</param>
    /// <param name="health">The verdicts of the pool that the plan follows.</param>
    /// <param name="turn">Whose turn it is in the pool.</param>
    /// <param name="groups">Who carries which share; not empty.</param>
    /// <param name="staleAt">When weights will have grown enough for another plan.</param>
    public PickPlan(FrozenDictionary<string, FrontendPool> table, FrontendPool? pool, PoolHealthView? health, PickTurn turn, PickGroup[] groups, TimeSpan staleAt) =>
        (_table, Pool, _health, Turn, _groups, _staleAt) = (table, pool, health, turn, groups, staleAt);

    public FrontendPool? Pool { get; }

    public PickTurn Turn { get; }

    /// <summary>Whether a draw is needed to know the group.</summary>
    public bool IsDivided => _groups.Length > 1;

    public HashKeyDefinition HashKey => Pool?.Definition.Balancing.HashKey ?? HashKeyDefinition.ClientIp;

    public bool IsCurrent(FrozenDictionary<string, FrontendPool> table, TimeSpan now) =>
        ReferenceEquals(table, _table) && ReferenceEquals(Pool?.Health, _health) && now < _staleAt;

    /// <summary>The candidates of one request.</summary>
    /// <param name="draw">From 0 to below 1, evenly distributed over the requests; without meaning unless <see cref="IsDivided"/>.</param>
    public PickCandidates Candidates(double draw)
    {
        foreach (var group in _groups)
        {
            if (draw < group.Until)
                return group.Candidates;
        }

        return _groups[^1].Candidates;
    }
}
