using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>An application's own transforms.</summary>
internal sealed class AddingTransforms : ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // Nothing can be wrong.
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // The same.
    }

    public void Apply(TransformBuilderContext context) => context.AddRequestHeader("X-A", "b");
}
