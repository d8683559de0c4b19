using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.Tracing;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Writes the head of a request as YARP and its client would: the same fields with the same values. What YARP would write in a way that is not written here makes the buffer unfit,
/// and the request is YARP's.
/// </summary>
internal static class RequestHeadWriter
{
    private static readonly System.Buffers.SearchValues<char> PlainQuery =
        System.Buffers.SearchValues.Create("!$&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");

    /// <summary>Writes a head into an empty buffer.</summary>
    /// <param name="head">The buffer.</param>
    /// <param name="context">The client's request.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="host">What the host is called there; <see langword="null"/> for the client's own word.</param>
    /// <param name="body">The framing of its body.</param>
    /// <param name="rules">Which of its fields are passed on without further ado.</param>
    public static void Write(HeadBuffer head, HttpContext context, BackendTarget target, string? host, RequestFraming body, FieldRules rules)
    {
        var request = context.Request;
        head.Add(HttpMethods.GetCanonicalizedValue(request.Method));
        head.Add(" "u8);
        AddTarget(head, request, target);
        head.Add(" HTTP/1.1\r\n"u8);
        AddHost(head, request, target, host);
        var tellsOfContent = AddFields(head, request, rules);
        AddForwarded(head, context);
        AddTrace(head);
        AddFraming(head, request.Method, body, tellsOfContent);
        head.Add("\r\n"u8);
    }

    private static void AddTarget(HeadBuffer head, HttpRequest request, BackendTarget target)
    {
        var (path, query) = (request.Path.Value ?? "", request.QueryString.Value ?? "");
        if (path.Length > 0 && target.HasPlainPathBase && BackendTarget.IsPlainPath(path) && !query.AsSpan().ContainsAnyExcept(PlainQuery))
        {
            head.Add(target.PathBase);
            head.Add(path);
            head.Add(query);
        }
        else
        {
            head.Add(RequestUtilities.MakeDestinationAddress(target.Prefix, request.Path, request.QueryString).PathAndQuery);
        }
    }

    private static void AddHost(HeadBuffer head, HttpRequest request, BackendTarget target, string? host)
    {
        var named = host ?? request.Headers.Host.ToString();
        head.Add("Host: "u8);
        if (named.Length > 0)
            head.Add(named);
        else
            head.Add(target.HostBytes);
        head.Add("\r\n"u8);
    }

    private static bool AddFields(HeadBuffer head, HttpRequest request, FieldRules rules)
    {
        var tellsOfContent = false;
        var activity = Activity.Current;
        foreach (var (name, values) in request.Headers)
        {
            var kind = HopByHop.OfRequest(name);
            if (kind is FieldKind.Dropped or FieldKind.Host or FieldKind.Length || (activity is not null && BackendPropagator.Instance.Replaces(activity, name)))
                continue;
            // The server's own, of HTTP/2.
            if (name[0] == ':')
                continue;
            // Whether it is refused is found out elsewhere; nearly all are usual.
            if (!Http1Characters.IsToken(name) || !rules.IsUsual(name))
                head.MakeUnfit();
            tellsOfContent |= kind == FieldKind.Content;
            AddField(head, name, values, kind);
        }

        // The only value that a client may send with HTTP/2.
        if (!HttpProtocol.IsHttp11(request.Protocol) && !HttpProtocol.IsHttp10(request.Protocol)
            && request.Headers.GetCommaSeparatedValues(HeaderNames.TE).Contains("trailers", StringComparer.OrdinalIgnoreCase))
        {
            head.Add("TE: trailers\r\n"u8);
        }

        return tellsOfContent;
    }

    private static void AddField(HeadBuffer head, string name, in StringValues values, FieldKind kind)
    {
        head.Add(name);
        head.Add(": "u8);
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                head.Add(kind switch { FieldKind.Cookie => "; "u8, FieldKind.Agent => " "u8, _ => ", "u8 });
            head.Add(values[i]);
        }

        head.Add("\r\n"u8);
    }

    private static void AddForwarded(HeadBuffer head, HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } address)
        {
            head.Add("X-Forwarded-For: "u8);
            head.Add(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
            head.Add("\r\n"u8);
        }

        if (request.PathBase.HasValue)
            head.AddField("X-Forwarded-Prefix: "u8, request.PathBase.ToUriComponent());
        if (request.Host.HasValue)
            head.AddField("X-Forwarded-Host: "u8, request.Host.ToUriComponent());
        head.AddField("X-Forwarded-Proto: "u8, request.Scheme);
    }

    private static void AddTrace(HeadBuffer head)
    {
        if (Activity.Current is not { } activity)
            return;
        BackendPropagator.Instance.Inject(activity, head, static (carrier, name, value) =>
        {
            if (value is not null)
                ((HeadBuffer)carrier!).AddField(name, value);
        });
    }

    private static void AddFraming(HeadBuffer head, string method, RequestFraming body, bool tellsOfContent)
    {
        if (body.IsChunked)
        {
            head.Add("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (body.Length > 0 || body.IsSaid || tellsOfContent || MayHaveBody(method))
        {
            head.Add("Content-Length: "u8);
            head.Add(body.Length);
            head.Add("\r\n"u8);
        }
    }

    // Of these methods the client does not say that they have no body.
    private static bool MayHaveBody(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && !HttpMethods.IsDelete(method);
}
