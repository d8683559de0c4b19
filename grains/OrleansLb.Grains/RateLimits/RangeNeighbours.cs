using System.Collections.Concurrent;
using OrleansLb.Contracts.RateLimits;

namespace OrleansLb.Grains.RateLimits;

/// <summary>
/// The ranges that ranges of this silo hand messages on to. References are kept, because Orleans reads the attributes of an interface by reflection each time it is asked for a grain.
/// </summary>
internal sealed class RangeNeighbours(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<(string Policy, int Range), IRateLimitRangeGrain> _known = new();

    public IRateLimitRangeGrain Of(string policy, int range) => _known.GetOrAdd(
        (policy, range),
        static (key, factory) => factory.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(key.Policy, key.Range)),
        grains);
}
