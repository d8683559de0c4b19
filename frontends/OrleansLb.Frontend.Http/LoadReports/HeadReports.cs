using Yarp.ReverseProxy.Transforms;

namespace OrleansLb.Frontend.Http.LoadReports;

/// <summary>Reads the report in the head of an answer.</summary>
internal sealed class HeadReports(LoadReportReader reader) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        // Without an answer it is called for a response that is of our own making.
        if (context.ProxyResponse is { } answer)
            reader.Take(context.HttpContext, answer.Headers, context.HttpContext.Response.Headers);
        return default;
    }
}
