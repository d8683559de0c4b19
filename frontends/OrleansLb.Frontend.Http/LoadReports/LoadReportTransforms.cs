using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Frontend.Http.LoadReports;

/// <summary>Has the answers of the clusters that are balanced by reports looked at, and those of no other.</summary>
internal sealed class LoadReportTransforms(PoolTable pools, LoadReportMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // Nothing of a route's settings is for this.
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // Its policy was checked with the configuration.
    }

    public void Apply(TransformBuilderContext context)
    {
        if (context.Cluster is not { } cluster || !string.Equals(cluster.LoadBalancingPolicy, LoadBalancingPolicyNames.ResourceBased, StringComparison.OrdinalIgnoreCase))
            return;
        var reader = new LoadReportReader(cluster.ClusterId, pools, metrics, clock);
        context.ResponseTransforms.Add(new HeadReports(reader));
        context.ResponseTrailersTransforms.Add(new TrailerReports(reader));
    }
}
