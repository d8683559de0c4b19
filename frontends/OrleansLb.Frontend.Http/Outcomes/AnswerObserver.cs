using OrleansLb.Frontend.Http.Retries;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Frontend.Http.Outcomes;

/// <summary>Sees the head of each backend's answer when it arrives, which may be long before its body does. Changes nothing in it, but may have it thrown away.</summary>
internal sealed class AnswerObserver : ResponseTransform, ITransformProvider
{
    public void ValidateRoute(TransformRouteValidationContext context)
    {
        // Nothing of a route's settings is for this.
    }

    public void ValidateCluster(TransformClusterValidationContext context)
    {
        // Nor of a cluster's.
    }

    public void Apply(TransformBuilderContext context) => context.ResponseTransforms.Add(this);

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        // Without an answer it is called for a response that is of our own making.
        if (context.ProxyResponse is not { } answer)
            return default;
        var status = (int)answer.StatusCode;
        context.HttpContext.Features.Get<BackendAttempt>()?.Answered(status);
        if (AnswerChoice.IsUnwanted(context.HttpContext, status))
            context.SuppressResponseBody = true;
        return default;
    }
}
