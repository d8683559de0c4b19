using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Http.Hosting;

/// <summary>Has only those requests authorized whose route asks for it: for others the framework's middleware would note with each that it had nothing to do.</summary>
internal static class RouteAuthorization
{
    // By this the framework knows that it need not add the middleware by itself. If it is ever called otherwise, requests are asked twice.
    private const string IsAdded = "__AuthorizationMiddlewareSet";

    /// <summary>Adds it, behind the choice of the route.</summary>
    public static void UseRouteAuthorization(this IApplicationBuilder application)
    {
        application.Properties[IsAdded] = true;
        if (application.ApplicationServices.GetRequiredService<IOptions<AuthorizationOptions>>().Value.FallbackPolicy is not null)
            application.UseAuthorization();
        else
            application.UseWhen(IsAskedFor, static branch => branch.UseAuthorization());
    }

    private static bool IsAskedFor(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null || metadata.GetMetadata<IAuthorizationRequirementData>() is not null);
}
