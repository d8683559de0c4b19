using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Http1;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>
/// Refuses requests that the server lets pass and two parties could read differently: a balancer is better off refusing than guessing how its backend reads them, which is how requests are smuggled and
/// rules for paths are evaded. What is wrong with single fields is found where fields are read, see <see cref="FieldRules"/>.
/// </summary>
internal sealed class StrictRequestMiddleware(RequestDelegate next, RejectionMetrics metrics)
{
    // Where Kestrel puts a Content-Length that came with a Transfer-Encoding, before any middleware runs.
    private const string DisplacedContentLength = "X-Content-Length";

    // Says who the client is, and only we know.
    private const string RealAddress = "X-Real-IP";

    private const string Continue = "100-continue";
    private const string Chunked = "chunked";
    private const string WebSocket = "websocket";

    public Task InvokeAsync(HttpContext context)
    {
        if (FaultOf(context) is { } fault)
        {
            fault.Answer(context, metrics);
            return Task.CompletedTask;
        }

        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count > 0)
            context.Features.Get<ChunkedRequestReader>()?.Begin();
        headers.Remove(RealAddress);
        return next(context);
    }

    private static RequestFault? FaultOf(HttpContext context)
    {
        var request = context.Request;
        if (HttpProtocol.IsHttp2(request.Protocol) && HasFieldOfAConnection(request.Headers))
            return RequestFault.ConnectionField;
        if (request.Headers.TransferEncoding.Count > 0 && FaultOfEncoding(request) is { } fault)
            return fault;
        if (request.Headers.Expect is { Count: > 0 } expected && !string.Equals(expected.ToString(), Continue, StringComparison.OrdinalIgnoreCase))
            return RequestFault.Expectation;
        if (!IsServed(context, request.Method))
            return RequestFault.Method;
        if (!request.Host.HasValue && HttpProtocol.IsHttp11(request.Protocol))
            return RequestFault.Host;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (RequestTarget.HasUserInformation(target))
            return RequestFault.UserInformation;
        // The server unescapes the slashes of an absolute target, and of no other.
        var isAbsolute = target.Length > 0 && target[0] != '/';
        if (isAbsolute && target.Contains('%', StringComparison.Ordinal))
            return RequestFault.Path;
        return RequestTarget.HasPlainPath(target) && !RequestTarget.HasDotSegment(request.Path.Value) ? null : RequestFault.Path;
    }

    /// <summary>What means something on a connection of HTTP/1 alone (RFC 9113, 8.2.2), and would on that to the backend; of <c>Connection</c> and <c>TE</c> the server takes care.</summary>
    private static bool HasFieldOfAConnection(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count > 0 || headers.Upgrade.Count > 0 || headers.KeepAlive.Count > 0 || headers.ContainsKey(HeaderNames.ProxyConnection);

    /// <summary>RFC 9112, section 6.1, lets a server follow Transfer-Encoding; but a backend or a cache may have followed the length, and whoever speaks HTTP/1.0 knows of lengths only.</summary>
    private static RequestFault? FaultOfEncoding(HttpRequest request)
    {
        if (request.Headers.ContainsKey(DisplacedContentLength))
            return RequestFault.LengthAndEncoding;
        // What is within chunks is passed on as it is, so that there must be nothing else that it is encoded by.
        if (request.Headers.TransferEncoding is not [var only] || !string.Equals(only, Chunked, StringComparison.OrdinalIgnoreCase))
            return RequestFault.Encoding;
        return HttpProtocol.IsHttp10(request.Protocol) ? RequestFault.EncodingInVersion10 : null;
    }

    /// <summary>TRACE shows a script what the browser keeps from it, and CONNECT makes a tunnel of a front-end, but for that of a WebSocket over HTTP/2 (RFC 8441).</summary>
    private static bool IsServed(HttpContext context, string method)
    {
        if (HttpMethods.IsGet(method) || HttpMethods.IsPost(method))
            return true;
        if (HttpMethods.IsConnect(method))
            return context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: WebSocket };
        return !HttpMethods.IsTrace(method);
    }
}
