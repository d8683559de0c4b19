using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>How a request's body goes out.</summary>
/// <param name="HasBody">Whether there may be one.</param>
/// <param name="Length">Its length; 0 if it is not known.</param>
/// <param name="IsSaid">Whether the client said the length.</param>
internal readonly record struct RequestFraming(bool HasBody, long Length, bool IsSaid)
{
    public bool IsChunked => HasBody && !IsSaid;

    /// <summary>Reads what a server says of a request; <see langword="null"/> if it does not say whether there is a body, or says that there is none and its head has a length.</summary>
    public static RequestFraming? Of(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { } detection)
            return null;
        // A length beside a transfer coding does not count (RFC 9112, section 6.3).
        var length = context.Request.Headers.ContainsKey(HeaderNames.TransferEncoding) ? null : context.Request.ContentLength;
        if (!detection.CanHaveBody && length > 0)
            return null;
        return new RequestFraming(detection.CanHaveBody, length ?? 0, length is not null);
    }
}
