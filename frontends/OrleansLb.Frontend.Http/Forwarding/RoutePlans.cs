using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Outcomes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Tells routes whose heads are transformed as YARP does without being asked, which the direct forwarder does itself, from all others. It must be the last of the transform providers: what
/// one behind it adds, it does not see.
/// </summary>
internal sealed class RoutePlans(IServiceProvider services) : ITransformProvider
{
    private readonly ConditionalWeakTable<RouteConfig, object> _plans = [];
    private readonly Lazy<bool> _isLast = new(() => services.GetServices<ITransformProvider>().Last() is RoutePlans);

    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // Changes nothing, so that nothing can be wrong.
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // The same.
    }

    public void Apply(TransformBuilderContext context) => _plans.AddOrUpdate(context.Route, PlanOf(context));

    public RoutePlan Of(RouteConfig route) => _isLast.Value && _plans.TryGetValue(route, out var plan) ? (RoutePlan)plan : RoutePlan.Transformed;

    private static RoutePlan PlanOf(TransformBuilderContext context)
    {
        var isUsual = context is { CopyRequestHeaders: null or true, CopyResponseHeaders: null or true, CopyResponseTrailers: null or true, UseDefaultForwarders: null or true }
            && context.ResponseTrailersTransforms.Count == 0
            && context.ResponseTransforms.All(static transform => transform is AnswerObserver);
        if (!isUsual)
            return RoutePlan.Transformed;
        return context.RequestTransforms switch
        {
            [] => RoutePlan.Usual,
            [var only] when ReferenceEquals(only, RequestHeaderOriginalHostTransform.SuppressHost) => RoutePlan.Usual,
            [var only] when ReferenceEquals(only, RequestHeaderOriginalHostTransform.OriginalHost) => RoutePlan.OriginalHost,
            _ => RoutePlan.Transformed,
        };
    }
}
