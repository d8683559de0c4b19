using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>The fewest requests in flight from all front-ends together, relative to weight.</summary>
internal sealed class ClusterLeastRequestsPolicy(CandidateSource source, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : ClusterPolicy(source)
{
    public override string Name => LoadBalancingPolicyNames.ClusterLeastRequests;

    protected override int Pick(HttpContext context, PickCandidates candidates)
    {
        var scratch = PickScratch.OfThread(candidates.Count);
        var loads = scratch.Loads.AsSpan(0, candidates.Count);
        var unseen = candidates.Estimate(loads, clock.GetElapsedTime(0));
        return LeastRequestsPicker.Pick(loads, candidates.Weights, unseen, ref scratch.Random);
    }
}
