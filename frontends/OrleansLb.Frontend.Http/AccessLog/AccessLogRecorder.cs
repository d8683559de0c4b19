using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Sessions;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.AccessLog;

/// <summary>Makes the line of a request that has ended. Of what the client sent only what is named here is shown: no cookie, no other field, no key.</summary>
internal sealed class AccessLogRecorder(IOptions<AccessLogOptions> options, AccessLogWriter writer, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private readonly AccessLogOptions _options = options.Value;

    public void Record(HttpContext context, RequestNote note, bool hasThrown)
    {
        var (reason, detail) = EndReasons.Of(context, note, hasThrown);
        if (IsUsual(reason) && _options.SamplePercent < 100 && Random.Shared.NextDouble() * 100 >= _options.SamplePercent)
            return;
        var proxy = context.Features.Get<IReverseProxyFeature>();
        var (request, took) = (context.Request, note.Took);
        Write(new AccessRecord
        {
            Arrived = note.Arrived,
            Client = context.Connection.RemoteIpAddress,
            Method = request.Method,
            Path = LoggedTarget.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, _options.Query),
            Protocol = request.Protocol,
            Host = request.Host.Value,
            Status = StatusOf(context, hasThrown),
            Reason = reason,
            Detail = detail,
            Route = (proxy?.Route ?? context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>())?.Config.RouteId,
            Pool = proxy?.Cluster?.Config.ClusterId,
            Backend = proxy?.ProxiedDestination?.DestinationId,
            Tries = note.Tries,
            Affinity = AffinityOf(context),
            Limit = note.LimitPolicy is null ? null : RateLimitMetrics.NameOf(note.Limit),
            LimitPolicy = note.LimitPolicy,
            Queued = note.Queued,
            First = note.First ?? took,
            Total = took,
            Received = note.Received,
            Sent = note.Sent,
            Tls = TlsOf(context.Features),
            Trace = TraceOf(request),
            Referer = LoggedTarget.RefererOf(request.Headers.Referer.ToString(), _options.Query),
            UserAgent = request.Headers.UserAgent.ToString(),
        });
    }

    /// <summary>The same of a request that the server has refused: with what of it could be read, and no time, as nobody knows since when.</summary>
    public void Record(IFeatureCollection features, RequestFault fault)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        Write(new AccessRecord
        {
            Arrived = clock.GetUtcNow(),
            Client = features.GetRequiredFeature<IHttpConnectionFeature>().RemoteIpAddress,
            Method = request.Method,
            Path = LoggedTarget.PathOf(request.RawTarget, _options.Query),
            Protocol = request.Protocol,
            Host = request.Headers.Host.ToString(),
            Status = fault.Status,
            Reason = EndReason.Refused,
            Detail = fault.Reason,
            Tls = TlsOf(features),
            Trace = TraceParent.TraceIdOf(request.Headers.TraceParent.ToString()),
            Referer = LoggedTarget.RefererOf(request.Headers.Referer.ToString(), _options.Query),
            UserAgent = request.Headers.UserAgent.ToString(),
        });
    }

    private static bool IsUsual(EndReason reason) => reason is EndReason.Ok or EndReason.Redirected or EndReason.Answered;

    private void Write(in AccessRecord record)
    {
        var memory = ArrayPool<byte>.Shared.Rent(AccessLine.Longest);
        try
        {
            var length = _options.Format == AccessLogFormat.Json ? JsonLine.Write(record, memory) : CombinedLine.Write(record, memory);
            writer.Add(memory.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    // What was thrown becomes an answer after this.
    internal static int StatusOf(HttpContext context, bool hasThrown) =>
        hasThrown && !context.Response.HasStarted ? (int)HttpStatusCode.InternalServerError : context.Response.StatusCode;

    private static string? AffinityOf(HttpContext context)
    {
        if (context.Features.Get<AffinityFeature>() is { } cookie)
            return AffinityMetrics.NameOf(cookie.Decision.Outcome);
        return context.Features.Get<SessionFeature>() is { } session ? SessionMetrics.NameOf(session.Outcome) : null;
    }

    private static string? TlsOf(IFeatureCollection features) => features.Get<ITlsHandshakeFeature>()?.Protocol switch
    {
        null => null,
        SslProtocols.Tls12 => "TLSv1.2",
        SslProtocols.Tls13 => "TLSv1.3",
        var other => other.ToString(),
    };

    /// <summary>The trace that the backend is told of: that of the front-end's own span, or the client's where nobody listens to spans.</summary>
    private static ReadOnlySpan<char> TraceOf(HttpRequest request) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.TraceId.ToHexString() : TraceParent.TraceIdOf(request.Headers.TraceParent.ToString());
}
