using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Status;

/// <summary>
/// Refuses what a web page on the operator's machine could send here: requests under a name that only DNS rebinding makes ours, changes
/// asked for by another site, and bodies that forms can produce.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, IEnumerable<string> allowedHosts)
{
    private readonly HashSet<string> _allowedHosts = new(allowedHosts.Append("localhost"), StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context) => Refusal(context.Request)?.Answer(context) ?? next(context);

    private StatusRefusal? Refusal(HttpRequest request)
    {
        if (!IsOurs(request.Host))
            return StatusRefusal.OtherHost;

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return null;

        if (!IsSameOrigin(request))
            return StatusRefusal.OtherOrigin;

        return HasBody(request) && !request.HasJsonContentType() ? StatusRefusal.NotJson : null;
    }

    /// <summary>An address cannot be rebound, and a browser always names a host; only old health checkers do not.</summary>
    private bool IsOurs(HostString host) => !host.HasValue || IPAddress.TryParse(host.Host, out _) || _allowedHosts.Contains(host.Host);

    private static bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        return origin.Count == 0 || string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0 || !string.IsNullOrEmpty(request.ContentType);
}
