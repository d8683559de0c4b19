using System.Runtime.CompilerServices;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>
/// Finds what belongs to a list of destinations once for as long as it holds: YARP keeps a list until a configuration or a verdict
/// changes it, so a pick costs one lookup.
/// </summary>
internal sealed class CandidateSource(PoolTable pools)
{
    private readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, PickCandidates> _candidates = [];

    public PickCandidates Of(string poolId, IReadOnlyList<DestinationState> destinations)
    {
        var table = pools.Current;
        if (_candidates.TryGetValue(destinations, out var known) && known.IsCurrent(table))
            return known;
        var candidates = new PickCandidates(table, poolId, destinations);
        _candidates.AddOrUpdate(destinations, candidates);
        return candidates;
    }
}
