using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace OrleansLb.Frontend.Http.LoadReports;

/// <summary>Reads the report after the body of an answer, where gRPC servers put it.</summary>
internal sealed class TrailerReports(LoadReportReader reader) : ResponseTrailersTransform
{
    public override ValueTask ApplyAsync(ResponseTrailersTransformContext context)
    {
        if (context.ProxyResponse is { } answer && context.HttpContext.Features.Get<IHttpResponseTrailersFeature>() is { } feature)
            reader.Take(context.HttpContext, answer.TrailingHeaders, feature.Trailers);
        return default;
    }
}
