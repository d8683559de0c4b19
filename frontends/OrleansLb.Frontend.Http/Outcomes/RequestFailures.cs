using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Answers;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Outcomes;

/// <summary>Tells whether a request failed that has ended, for the question whether the configuration is to blame.</summary>
internal static class RequestFailures
{
    /// <summary>Whether it failed.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rules">What the configuration says of failures.</param>
    public static bool HasFailed(HttpContext context, RollbackDefinition rules)
    {
        var status = context.Response.StatusCode;
        if (status < StatusCodes.Status400BadRequest || !rules.FailureStatuses.Contains(status))
            return false;
        var proxy = context.Features.Get<IReverseProxyFeature>();
        var isOurs = proxy?.ProxiedDestination is null;
        if (status < StatusCodes.Status500InternalServerError && !isOurs)
            return false;
        // A client that left saw no answer, whatever it would have been.
        return !(isOurs && IsMeant(context, proxy)) && !context.RequestAborted.IsCancellationRequested;
    }

    /// <summary>Whether the route answers so because its configuration says that it shall: nobody closes a pool by mistake.</summary>
    private static bool IsMeant(HttpContext context, IReverseProxyFeature? proxy)
    {
        if (context.Features.Get<IRouteAnswer>() is not null)
            return true;
        // The gate is before all that knows of the proxy.
        return proxy is null && context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.Metadata?.ContainsKey(RouteMetadataKeys.Maintenance) == true;
    }
}
