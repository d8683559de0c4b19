using System.Runtime.CompilerServices;
using OrleansLb.Frontend.Concurrency;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Concurrency;

/// <summary>YARP's available destinations, as the policy of the cluster and YARP's own checks leave them.</summary>
internal sealed class AvailableDestinations(IProxyStateLookup proxy) : IAvailableBackends
{
    // YARP keeps a list of destinations until a configuration or a verdict changes it.
    private readonly ConditionalWeakTable<IReadOnlyList<DestinationState>, Marks> _marks = [];

    public IReadOnlyList<bool> Of(FrontendPool pool)
    {
        // YARP takes a configuration a moment after the pools did.
        if (!proxy.TryGetCluster(pool.Definition.Id, out var cluster) || cluster.DestinationsState is null)
            return new bool[pool.Slots.Length];
        var destinations = cluster.DestinationsState.AvailableDestinations;
        if (_marks.TryGetValue(destinations, out var known) && ReferenceEquals(known.Pool, pool))
            return known.Available;
        var marks = new Marks(pool, new bool[pool.Slots.Length]);
        foreach (var destination in destinations)
        {
            if (pool.IndexById.TryGetValue(destination.DestinationId, out var index))
                marks.Available[index] = true;
        }

        _marks.AddOrUpdate(destinations, marks);
        return marks.Available;
    }

    private sealed record Marks(FrontendPool Pool, bool[] Available);
}
