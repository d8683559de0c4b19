using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansLb.Core.Http1;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Gives the client the head of a backend's answer, and its trailers, as YARP would.</summary>
internal static class AnswerHead
{
    public static void Write(HttpContext context, BackendConnection connection)
    {
        var (head, response) = (connection.Head, context.Response);
        var bytes = connection.Bytes;
        response.StatusCode = head.Status;
        WriteReason(context, head, bytes);
        var headers = response.Headers;
        // Not twice, where something before the forwarder has said it.
        var isSecured = !StringValues.IsNullOrEmpty(headers.StrictTransportSecurity);
        for (var i = 0; i < head.Fields.Length; i++)
        {
            var (name, value) = connection.Memory.Get(i, head.Fields[i], bytes);
            if (HopByHop.IsPassedToClient(name) && !(isSecured && name.Equals(HeaderNames.StrictTransportSecurity, StringComparison.OrdinalIgnoreCase)))
                Append(headers, name, value);
        }

        // These have no content that could have a length; others with the same status would think otherwise.
        if (head.Status is 204 or 205 && head.ContentLength == 0)
            headers.Remove(HeaderNames.ContentLength);
    }

    public static void WriteTrailers(HttpContext context, BackendConnection connection)
    {
        if (connection.Trailers.Fields.IsEmpty || context.Features.Get<IHttpResponseTrailersFeature>() is not { Trailers: { IsReadOnly: false } trailers })
            return;
        foreach (var field in connection.Trailers.Fields)
        {
            var name = Encoding.Latin1.GetString(field.Name(connection.Bytes));
            if (HopByHop.MayBeTrailer(name))
                Append(trailers, name, Encoding.Latin1.GetString(field.Value(connection.Bytes)));
        }
    }

    private static void WriteReason(HttpContext context, ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        var reason = head.Reason.Value(bytes);
        if (!Ascii.Equals(reason, ReasonPhrases.GetReasonPhrase(head.Status)) && (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol)))
            context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = Encoding.Latin1.GetString(reason);
    }

    private static void Append(IHeaderDictionary headers, string name, string value) =>
        headers[name] = headers.TryGetValue(name, out var present) ? StringValues.Concat(present, value) : value;
}
