using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.Authentication;

/// <summary>Asks before the limits where one of them counts by what is only known afterwards: by a claim.</summary>
internal sealed class EarlyAuthenticationMiddleware(RequestDelegate next, AuthenticationPolicies policies, RateLimiterTable limits, AuthenticationMetrics metrics, RejectionMetrics rejections)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetRouteModel().Config.Metadata is not { } metadata || !metadata.TryGetValue(RouteMetadataKeys.Authentication, out var name) || !IsLimitedByClaim(metadata))
            return next(context);
        return Ask(context, name);
    }

    private bool IsLimitedByClaim(IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var key in RouteMetadataKeys.RateLimiterPolicies)
        {
            if (!metadata.TryGetValue(key, out var name))
                return false;
            if (limits.Find(name) is { } limit && limit.Policy.Partition.HasFlag(RateLimitPartition.JwtClaim))
                return true;
        }

        return false;
    }

    private async Task Ask(HttpContext context, string name)
    {
        if (!await AuthenticationMiddleware.IsLetIn(context, policies, name, metrics, rejections))
            return;
        context.Features.Set(EarlyAuthentication.Done);
        await next(context);
    }
}
