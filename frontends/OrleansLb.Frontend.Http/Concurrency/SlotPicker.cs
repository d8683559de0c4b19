using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Concurrency;

/// <summary>
/// Picks a destination that has a free slot here, and takes that slot. The policy is asked first; only when what it picks is full, another one is taken:
/// by the same hash where the policy hashes, otherwise the least busy, because the turn or the draw was this one's.
/// </summary>
internal sealed class SlotPicker
{
    private readonly FrozenDictionary<string, ILoadBalancingPolicy> _policies;
    private readonly PoolTable _pools;
    private readonly TimeProvider _clock;

    public SlotPicker(IEnumerable<ILoadBalancingPolicy> policies, PoolTable pools, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
    {
        // Those registered later replace those of their name, as ours do YARP's.
        var byName = new Dictionary<string, ILoadBalancingPolicy>(StringComparer.OrdinalIgnoreCase);
        foreach (var policy in policies)
            byName[policy.Name] = policy;
        (_policies, _pools, _clock) = (byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), pools, clock);
    }

    /// <summary>Picks.</summary>
    /// <param name="context">The request.</param>
    /// <param name="proxy">YARP's view of it.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="slot">The backend whose slot was taken.</param>
    /// <returns>The destination; <see langword="null"/> when none has a free slot.</returns>
    public DestinationState? TryPick(HttpContext context, IReverseProxyFeature proxy, FrontendPool pool, out BackendSlot? slot)
    {
        var destinations = proxy.AvailableDestinations;
        if (Pick(context, proxy, destinations) is not { } picked)
        {
            slot = null;
            return null;
        }

        slot = TryEnter(pool, picked);
        if (slot is not null)
            return picked;
        return destinations.Count > 1 ? TryOthers(context, proxy, pool, picked, out slot) : null;
    }

    /// <summary>Picks a destination without taking a slot: one that has a free one here, if any has.</summary>
    /// <param name="context">The request.</param>
    /// <param name="destinations">Who comes into question.</param>
    /// <returns>The destination; <see langword="null"/> when none comes into question.</returns>
    public DestinationState? Choose(HttpContext context, IReadOnlyList<DestinationState> destinations)
    {
        var proxy = context.GetReverseProxyFeature();
        if (_pools.Current.TryGetValue(proxy.Route.Cluster!.ClusterId, out var pool) && pool.Definition.Concurrency is not null)
        {
            var free = destinations.Where(destination => pool.IndexById.TryGetValue(destination.DestinationId, out var index) && IsFree(pool.Slots[index])).ToArray();
            destinations = free.Length > 0 ? free : destinations;
        }

        return Pick(context, proxy, destinations);
    }

    private DestinationState? TryOthers(HttpContext context, IReverseProxyFeature proxy, FrontendPool pool, DestinationState full, out BackendSlot? slot)
    {
        var free = new List<DestinationState>(proxy.AvailableDestinations.Count);
        foreach (var destination in proxy.AvailableDestinations)
        {
            if (!ReferenceEquals(destination, full) && pool.IndexById.TryGetValue(destination.DestinationId, out var index) && IsFree(pool.Slots[index]))
                free.Add(destination);
        }

        // Another request may have been quicker, at one after the other.
        while (free.Count > 0)
        {
            var picked = IsHashing(proxy) ? Pick(context, proxy, free) ?? free[0] : LeastBusy(pool, free);
            if ((slot = TryEnter(pool, picked)) is not null)
                return picked;
            free = [.. free.Where(destination => !ReferenceEquals(destination, picked))];
        }

        slot = null;
        return null;
    }

    private BackendSlot? TryEnter(FrontendPool pool, DestinationState destination) =>
        pool.IndexById.TryGetValue(destination.DestinationId, out var index) && pool.Admission.TryEnter(pool.Slots[index], _clock.GetElapsedTime(0))
            ? pool.Slots[index]
            : null;

    private DestinationState? Pick(HttpContext context, IReverseProxyFeature proxy, IReadOnlyList<DestinationState> destinations)
    {
        if (destinations.Count <= 1)
            return destinations.Count == 0 ? null : destinations[0];
        var name = proxy.Cluster.Config.LoadBalancingPolicy;
        return _policies[string.IsNullOrEmpty(name) ? LoadBalancingPolicies.PowerOfTwoChoices : name].PickDestination(context, proxy.Route.Cluster!, destinations);
    }

    private static bool IsHashing(IReverseProxyFeature proxy) =>
        proxy.Cluster.Config.LoadBalancingPolicy is { } name && LoadBalancingPolicyNames.Hashing.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static DestinationState LeastBusy(FrontendPool pool, List<DestinationState> free) => free.MinBy(destination =>
        pool.Slots[pool.IndexById[destination.DestinationId]] is var slot ? (slot.Gate.InUse + 1.0) / slot.Definition.Weight : 0)!;

    private static bool IsFree(BackendSlot slot) => slot.Gate.Read() is var (allowed, inUse) && inUse < allowed;
}
