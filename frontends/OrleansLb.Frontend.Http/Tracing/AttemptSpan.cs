using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Hedging;
using OrleansLb.Frontend.Http.Outcomes;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>The span of one request to one backend. The backend is told its id, so that the backend's own spans are parts of it.</summary>
internal static class AttemptSpan
{
    /// <summary>Begins it, where the request has a span.</summary>
    /// <param name="context">The request.</param>
    /// <param name="slot">The backend.</param>
    /// <param name="tries">How many backends the request was sent to with this one; 0 if nobody counted.</param>
    public static Activity? Begin(HttpContext context, BackendSlot slot, int tries)
    {
        var span = FrontendSpans.BeginWithin(HttpSpanNames.MethodOf(context.Request), ActivityKind.Client);
        if (span is not { IsAllDataRequested: true })
            return span;
        var backend = slot.Definition;
        HttpSpanNames.AddMethod(span, context.Request);
        span.SetTag("server.address", backend.Address.IdnHost);
        span.SetTag("server.port", backend.Address.Port);
        span.SetTag("url.scheme", backend.Address.Scheme);
        span.SetTag("orleanslb.pool", context.GetReverseProxyFeature().Route.Cluster!.ClusterId);
        span.SetTag("orleanslb.backend", backend.Id);
        span.SetTag("orleanslb.try", tries);
        if (tries > 1)
            span.SetTag("http.request.resend_count", tries - 1);
        return span;
    }

    /// <summary>Ends it with what came of it.</summary>
    public static void End(Activity span, HttpContext context, BackendAttempt attempt, RequestNote? note)
    {
        if (attempt.Status > 0)
            span.SetTag("http.response.status_code", attempt.Status);
        if (HedgedAttempt.Of(context) is { } hedged && (hedged.HasWon || hedged.HasLost))
            span.SetTag("orleanslb.hedge", hedged.HasWon ? "won" : "lost");
        if (ErrorOf(context, attempt, note) is { } error)
        {
            span.SetTag(SpanErrors.Attribute, error);
            span.SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }

    private static string? ErrorOf(HttpContext context, BackendAttempt attempt, RequestNote? note)
    {
        // That it was ended is no failure.
        if (attempt.Status == 0 && HedgedAttempt.Of(context) is { HasLost: true })
            return null;
        if (note?.Reason is { } said)
            return SpanErrors.TypeOf(said);
        if (context.Features.Get<IForwarderErrorFeature>() is { } failure)
            return SpanErrors.TypeOf(EndReasons.Of(failure, attempt.IsAnswered, HasClientLeft(context, note), note is { IsBodyPending: true }));
        return attempt.Status >= StatusCodes.Status400BadRequest ? SpanErrors.TypeOf(attempt.Status) : null;
    }

    private static bool HasClientLeft(HttpContext context, RequestNote? note) => note?.HasClientLeft ?? context.RequestAborted.IsCancellationRequested;
}
