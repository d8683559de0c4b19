using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.Outcomes;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Makes of a copy what the route makes of its requests, and of its answer nothing.</summary>
/// <param name="route">The route's own.</param>
internal sealed class MirrorTransformer(HttpTransformer route) : HttpTransformer
{
    /// <summary>The field by which backends tell copies from requests. The host stays as it is: whoever serves several by their names would not know another.</summary>
    public const string Mark = "X-Mirrored";

    private const string Marked = "1";

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await route.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Headers.Remove(Mark);
        proxyRequest.Headers.TryAddWithoutValidation(Mark, Marked);
    }

    /// <summary>The body of the answer is read to its end, so that backends see a client that takes what they send and the connection can be used again.</summary>
    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null)
            httpContext.Features.Get<BackendAttempt>()?.Answered((int)proxyResponse.StatusCode);
        return new ValueTask<bool>(proxyResponse is not null);
    }

    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) => default;
}
