using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>The answer to a request over its limit: 429 with Retry-After (RFC 9110); gRPC gets its status RESOURCE_EXHAUSTED.</summary>
internal static class RateLimitRejection
{
    private const string GrpcContentType = "application/grpc";
    private const string GrpcResourceExhausted = "8";

    /// <summary>A client that comes back at once is refused again.</summary>
    private static readonly TimeSpan ShortestAdvice = TimeSpan.FromSeconds(1);

    /// <summary>A cost that never fits would wait forever; a client had better ask a person.</summary>
    private static readonly TimeSpan LongestAdvice = TimeSpan.FromDays(1);

    public static Task Write(HttpContext context, RateLimitPolicyDefinition? policy, TimeSpan retryAfter)
    {
        var advice = retryAfter < ShortestAdvice ? ShortestAdvice : retryAfter < LongestAdvice ? retryAfter : LongestAdvice;
        var headers = context.Response.Headers;
        headers.RetryAfter = RateLimitFields.Seconds(advice).ToString(CultureInfo.InvariantCulture);
        // Until then there is nothing left, whatever the limit knows of later. When a request ends nobody knows.
        if (policy is { Headers: not RateLimitHeaders.None })
            RateLimitFields.Write(headers, policy, new LimitQuota(0, policy.Algorithm == RateLimitAlgorithm.Concurrency ? TimeSpan.MaxValue : advice));

        if (context.Request.ContentType?.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase) == true)
        {
            context.Response.ContentType = GrpcContentType;
            headers["grpc-status"] = GrpcResourceExhausted;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Task.CompletedTask;
    }
}
