using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>A policy that knows nothing of the request: its tier is drawn.</summary>
internal abstract class DrawingPolicy(PickPlans plans) : ClusterPolicy(plans)
{
    protected sealed override DestinationState? Pick(HttpContext context, PickPlan plan)
    {
        var scratch = PickScratch.OfThread();
        var candidates = plan.Candidates(plan.IsDivided ? scratch.Random.NextDouble() : 0);
        var place = candidates.Count == 1 ? 0 : Pick(plan, candidates, scratch);
        return (uint)place < (uint)candidates.Count ? candidates.Destinations[place] : null;
    }

    /// <summary>Picks one of two or more candidates.</summary>
    /// <returns>Position among the candidates; -1 for none.</returns>
    protected abstract int Pick(PickPlan plan, PickCandidates candidates, PickScratch scratch);
}
