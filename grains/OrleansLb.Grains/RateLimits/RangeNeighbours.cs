using System.Collections.Concurrent;
using OrleansLb.Contracts.RateLimits;

namespace OrleansLb.Grains.RateLimits;

/// <summary>The ranges that live on this silo, for those that hand messages on to them.</summary>
internal sealed class RangeNeighbours
{
    private readonly ConcurrentDictionary<(string Policy, int Range), IRateLimitRangeGrain> _ranges = new();

    /// <summary>A range of this silo; <see langword="null"/> if it is not here.</summary>
    public IRateLimitRangeGrain? Find(string policy, int range) => _ranges.GetValueOrDefault((policy, range));

    public void Arrived(string policy, int range, IRateLimitRangeGrain here) => _ranges[(policy, range)] = here;

    public void Left(string policy, int range) => _ranges.TryRemove((policy, range), out _);
}
