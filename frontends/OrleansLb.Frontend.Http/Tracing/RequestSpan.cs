using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.AccessLog;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Tracing;

/// <summary>
/// The span of a request, by the HTTP conventions of OpenTelemetry. Of what the client sent it has no more than the access log shows: no query, no cookie, no other field, no key.
/// </summary>
internal static class RequestSpan
{
    private const int LongestHost = 256;
    private const int LongestPath = 2048;
    private const int LongestAgent = 512;

    /// <summary>Begins it, unless the server has a span of it that somebody reads: nobody shall be told of the same request twice.</summary>
    public static Activity? Begin(HttpContext context)
    {
        var before = Activity.Current;
        if (before is { Kind: ActivityKind.Server, Source.Name.Length: > 0 })
            return null;
        // What the server makes for its log alone is of no source and goes nowhere: as a parent it would be missed.
        Activity.Current = null;
        var span = FrontendSpans.BeginRequest(HttpSpanNames.MethodOf(context.Request), IncomingTrace.ParentOf(context.Request));
        if (span is null)
            Activity.Current = before;
        return span;
    }

    /// <summary>Ends it with what came of the request.</summary>
    public static void End(Activity span, HttpContext context, RequestNote note, bool hasThrown)
    {
        var (reason, _) = EndReasons.Of(context, note, hasThrown);
        AddRequest(span, context);
        AddRoute(span, context);
        AddOutcome(span, reason, AccessLogRecorder.StatusOf(context, hasThrown));
        span.Dispose();
    }

    private static void AddRequest(Activity span, HttpContext context)
    {
        var request = context.Request;
        HttpSpanNames.AddMethod(span, request);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", Cut(LoggedTarget.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, withQuery: false), LongestPath));
        if (request.Host.HasValue)
            span.SetTag("server.address", Cut(request.Host.Host, LongestHost));
        if (request.Host.Port is { } port)
            span.SetTag("server.port", port);
        if (context.Connection.RemoteIpAddress is { } client)
            span.SetTag("client.address", (client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client).ToString());
        span.SetTag("network.protocol.version", request.Protocol[(request.Protocol.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        if (request.Headers.UserAgent.Count > 0)
            span.SetTag("user_agent.original", Cut(request.Headers.UserAgent.ToString(), LongestAgent));
    }

    private static void AddRoute(Activity span, HttpContext context)
    {
        var proxy = context.Features.Get<IReverseProxyFeature>();
        if ((proxy?.Route ?? context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>())?.Config is not { } route)
            return;
        span.SetTag("orleanslb.route", route.RouteId);
        if (proxy?.Cluster?.Config.ClusterId is { } pool)
            span.SetTag("orleanslb.pool", pool);
        if (route.Match.Path is not { } template)
            return;
        span.SetTag("http.route", template);
        span.DisplayName = $"{HttpSpanNames.MethodOf(context.Request)} {template}";
    }

    private static void AddOutcome(Activity span, EndReason reason, int status)
    {
        span.SetTag("http.response.status_code", status);
        if (SpanErrors.TypeOf(reason) is { } type)
            span.SetTag(SpanErrors.Attribute, type);
        else if (status >= StatusCodes.Status500InternalServerError)
            span.SetTag(SpanErrors.Attribute, SpanErrors.TypeOf(status));
        if (SpanErrors.IsOfServer(reason, status))
            span.SetStatus(ActivityStatusCode.Error);
    }

    private static string Cut(ReadOnlySpan<char> text, int longest) => (text.Length > longest ? text[..longest] : text).ToString();
}
