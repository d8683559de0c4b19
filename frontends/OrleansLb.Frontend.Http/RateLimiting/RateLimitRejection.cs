using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>
/// The answer to a request over its limit: 429 with Retry-After (RFC 9110) and the RateLimit fields (draft-ietf-httpapi-ratelimit-headers);
/// gRPC gets its status RESOURCE_EXHAUSTED.
/// </summary>
internal static class RateLimitRejection
{
    private const string GrpcContentType = "application/grpc";
    private const string GrpcResourceExhausted = "8";

    /// <summary>A cost that never fits would wait forever; a client had better ask a person.</summary>
    private static readonly TimeSpan LongestAdvice = TimeSpan.FromDays(1);

    public static Task Write(HttpContext context, RateLimitPolicyDefinition? policy, TimeSpan retryAfter)
    {
        var seconds = Seconds(retryAfter < LongestAdvice ? retryAfter : LongestAdvice);
        var headers = context.Response.Headers;
        headers.RetryAfter = seconds;
        if (policy is not null)
        {
            headers["RateLimit-Policy"] = PolicyField(policy);
            headers["RateLimit"] = $"{Quoted(policy.PublicName)};r=0;t={seconds}";
        }

        if (context.Request.ContentType?.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase) == true)
        {
            context.Response.ContentType = GrpcContentType;
            headers["grpc-status"] = GrpcResourceExhausted;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Task.CompletedTask;
    }

    private static string PolicyField(RateLimitPolicyDefinition policy) => policy.Algorithm == RateLimitAlgorithm.TokenBucket
        ? FormattableString.Invariant($"{Quoted(policy.PublicName)};q={policy.TokenLimit};w={Seconds(TimeSpan.FromSeconds(policy.TokenLimit / policy.TokensPerSecond))}")
        : FormattableString.Invariant($"{Quoted(policy.PublicName)};q={policy.PermitLimit};w={Seconds(policy.Window)}");

    // Names come from the configuration and may hold anything; a structured field's string takes printable ASCII only.
    private static string Quoted(string name) =>
        string.Create(name.Length + 2, name, static (quoted, name) =>
        {
            quoted[0] = quoted[^1] = '"';
            for (var index = 0; index < name.Length; index++)
                quoted[index + 1] = name[index] is < ' ' or > '~' or '"' or '\\' ? '_' : name[index];
        });

    // Whole seconds, upwards, and at least one: a client that comes at once is refused again.
    private static string Seconds(TimeSpan time) =>
        Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
