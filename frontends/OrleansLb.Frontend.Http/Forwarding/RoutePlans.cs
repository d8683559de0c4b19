using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Outcomes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.SessionAffinity;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Tells routes whose heads are transformed as YARP does without being asked, which the direct forwarder does itself, from all others. It must be the last of the transform providers: what
/// one behind it adds, it does not see.
/// </summary>
internal sealed class RoutePlans(IServiceProvider services) : ITransformProvider
{
    // Nobody else can name it. Where YARP has none of this name, routes with sessions are YARP's.
    private static readonly Type? AffinityTransform = typeof(ISessionAffinityPolicy).Assembly.GetType("Yarp.ReverseProxy.SessionAffinity.AffinitizeTransform");

    private readonly ConditionalWeakTable<RouteConfig, RoutePlan?> _plans = [];
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

    /// <summary>The plan of a route; <see langword="null"/> when something is done to it that only YARP knows.</summary>
    public RoutePlan? Of(RouteConfig route) => _isLast.Value && _plans.TryGetValue(route, out var plan) ? plan : null;

    private static RoutePlan? PlanOf(TransformBuilderContext context)
    {
        var isUsual = context is { CopyRequestHeaders: null or true, CopyResponseHeaders: null or true, CopyResponseTrailers: null or true, UseDefaultForwarders: null or true }
            && context.ResponseTrailersTransforms.Count == 0;
        var answers = context.ResponseTransforms.Where(static transform => transform is not AnswerObserver).ToArray();
        if (!isUsual || answers.Length > 1 || answers.Any(static transform => transform.GetType() != AffinityTransform))
            return null;
        return context.RequestTransforms switch
        {
            [] => new RoutePlan(KeepsHost: false, answers.FirstOrDefault()),
            [var only] when ReferenceEquals(only, RequestHeaderOriginalHostTransform.SuppressHost) => new RoutePlan(KeepsHost: false, answers.FirstOrDefault()),
            [var only] when ReferenceEquals(only, RequestHeaderOriginalHostTransform.OriginalHost) => new RoutePlan(KeepsHost: true, answers.FirstOrDefault()),
            _ => null,
        };
    }
}
