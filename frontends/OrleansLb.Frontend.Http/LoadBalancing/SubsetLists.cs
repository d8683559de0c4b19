using System.Collections.Concurrent;
using OrleansLb.Configuration;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>The parts of one list of destinations that routes want by their labels, each found once. There are as many as routes name.</summary>
internal sealed class SubsetLists(IReadOnlyList<DestinationState> all)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<DestinationState>> _parts = new(StringComparer.Ordinal);

    public IReadOnlyList<DestinationState> Of(string subset) => _parts.GetOrAdd(subset, Find);

    private IReadOnlyList<DestinationState> Find(string text)
    {
        var subset = RouteSubset.Parse(text);
        var part = all.Where(destination => subset.Matches(destination.Model.Config.Metadata)).ToArray();
        return part.Length == 0 && subset.FallsBack ? all : part;
    }
}
