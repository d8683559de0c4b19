using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>What a client says of the trace that its request is a part of (W3C Trace Context). Whatever is none of that form begins a new trace, and is no mistake of the request.</summary>
internal static class IncomingTrace
{
    public static ActivityContext ParentOf(HttpRequest request)
    {
        var said = request.Headers.TraceParent;
        return said.Count == 1 && ActivityContext.TryParse(said[0], request.Headers.TraceState.Count == 0 ? null : request.Headers.TraceState.ToString(), isRemote: true, out var parent) ? parent : default;
    }
}
