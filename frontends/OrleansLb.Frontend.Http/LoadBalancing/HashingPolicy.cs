using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Hashing;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>A policy that sends the same key to the same backend, on every front-end. A request without the key goes anywhere by weight.</summary>
internal abstract class HashingPolicy(PickPlans plans) : ClusterPolicy(plans)
{
    // Anything but the hash itself, by whose bits the tables are entered: a tier must not hold one end of them.
    private static readonly HashKey TierSalt = HashKey.Of("tier");

    protected sealed override DestinationState? Pick(HttpContext context, PickPlan plan)
    {
        if (RequestHashKey.Of(context, plan.HashKey) is not { } key)
            return PickAny(plan);
        var candidates = plan.Candidates(plan.IsDivided ? key.Then(TierSalt).Fraction : 0);
        var place = candidates.Count == 1 ? 0 : plan.Pool?.Tables is { } tables ? Pick(tables, key, candidates) : -1;
        return (uint)place < (uint)candidates.Count ? candidates.Destinations[place] : PickAny(plan);
    }

    /// <summary>Picks one of two or more candidates.</summary>
    /// <returns>Position among the candidates; -1 for none.</returns>
    protected abstract int Pick(Pools.HashTables tables, HashKey key, PickCandidates candidates);

    private static DestinationState PickAny(PickPlan plan)
    {
        var scratch = PickScratch.OfThread();
        var candidates = plan.Candidates(scratch.Random.NextDouble());
        return candidates.Destinations[candidates.Alias.Pick(ref scratch.Random)];
    }
}
