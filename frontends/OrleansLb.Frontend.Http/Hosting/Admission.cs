using Microsoft.AspNetCore.Builder;
using OrleansLb.Frontend.Http.Authentication;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.RateLimiting;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Who may use a route, and how often: whether it goes to a cluster or answers by itself.</summary>
internal static class Admission
{
    /// <summary>Adds the route's access list, its limits and its authentication, in that order, but that a limit by a claim needs to know who it is first.</summary>
    /// <param name="pipeline">The requests of routes.</param>
    /// <param name="application">The application that they are of.</param>
    public static void UseAdmission(this IApplicationBuilder pipeline, WebApplication application) => pipeline.UseAdmission(application.HasPolicies());

    /// <summary>The same, whoever it is.</summary>
    /// <param name="pipeline">The requests of routes.</param>
    public static void UseAdmissionOfAnybody(this IApplicationBuilder pipeline) => pipeline.UseAdmission(asksWhoItIs: false);

    private static void UseAdmission(this IApplicationBuilder pipeline, bool asksWhoItIs)
    {
        pipeline.UseMiddleware<AccessMiddleware>();
        if (asksWhoItIs)
            pipeline.UseMiddleware<EarlyAuthenticationMiddleware>();
        pipeline.UseMiddleware<RateLimitMiddleware>();
        if (asksWhoItIs)
            pipeline.UseMiddleware<AuthenticationMiddleware>();
    }
}
