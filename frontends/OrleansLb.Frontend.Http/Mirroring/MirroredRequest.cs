using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Copies requests. The copy has nothing of the request's own, which the server uses again for another as soon as it has ended.</summary>
internal static class MirroredRequest
{
    /// <summary>A copy of all but the body.</summary>
    /// <param name="source">The request.</param>
    /// <param name="services">The application's services.</param>
    public static DefaultHttpContext Of(HttpContext source, IServiceProvider services)
    {
        var copy = new DefaultHttpContext { RequestServices = services, User = source.User };
        CopyHead(source.Request, copy.Request);
        copy.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = source.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        (copy.Connection.RemoteIpAddress, copy.Connection.RemotePort) = (source.Connection.RemoteIpAddress, source.Connection.RemotePort);
        (copy.Connection.LocalIpAddress, copy.Connection.LocalPort) = (source.Connection.LocalIpAddress, source.Connection.LocalPort);
        return copy;
    }

    /// <summary>Gives a copy its body.</summary>
    public static void SetBody(HttpContext copy, ReadOnlyMemory<byte> body)
    {
        copy.Request.Body = new MemoryStream(body.ToArray(), writable: false);
        copy.Request.ContentLength = body.Length;
    }

    private static void CopyHead(HttpRequest source, HttpRequest copy)
    {
        (copy.Method, copy.Scheme, copy.Protocol) = (source.Method, source.Scheme, source.Protocol);
        foreach (var (name, values) in source.Headers)
            copy.Headers[name] = values;
        (copy.Host, copy.PathBase, copy.Path, copy.QueryString) = (source.Host, source.PathBase, source.Path, source.QueryString);
        copy.RouteValues = new RouteValueDictionary(source.RouteValues);
        // The body of a copy is there whole: nobody is asked for it, and it is in no pieces.
        copy.Headers.Remove(HeaderNames.Expect);
        copy.Headers.Remove(HeaderNames.TransferEncoding);
        copy.Headers.Remove(HeaderNames.ContentLength);
    }
}
