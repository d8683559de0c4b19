using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Refuses clients that may not use the route, before anything is counted for them.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, RejectionMetrics metrics)
{
    // A route of another configuration is another object.
    private readonly ConditionalWeakTable<RouteModel, RouteAccess> _rules = [];

    public Task InvokeAsync(HttpContext context)
    {
        var route = context.GetRouteModel();
        if (route.Config.Metadata is not { } metadata || !metadata.ContainsKey(RouteMetadataKeys.Access))
            return next(context);
        var rule = _rules.GetValue(route, static route => RouteAccess.Parse(route.Config.Metadata![RouteMetadataKeys.Access]));
        if (rule.Admits(context.Connection.RemoteIpAddress))
            return next(context);
        metrics.Rejected(RejectionMetrics.AccessDenied);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
