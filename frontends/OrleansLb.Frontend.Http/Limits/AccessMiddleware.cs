using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Countries;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Refuses clients that may not use the route, before anything is counted for them.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, CountryDatabase countries, RejectionMetrics metrics)
{
    // A route of another configuration is another object.
    private readonly ConditionalWeakTable<RouteModel, RouteAccess> _rules = [];

    public Task InvokeAsync(HttpContext context)
    {
        var route = context.GetRouteModel();
        if (route.Config.Metadata is not { } metadata || !metadata.ContainsKey(RouteMetadataKeys.Access))
            return next(context);
        var rule = _rules.GetValue(route, static route => RouteAccess.Parse(route.Config.Metadata![RouteMetadataKeys.Access]));
        var client = context.Connection.RemoteIpAddress;
        if (rule.Admits(client) is not { } admitted)
        {
            // Whoever wants some countries kept out must not let everybody in because nothing can tell them apart.
            if (!countries.TryFind(client, out var country))
                return Refuse(context, StatusCodes.Status503ServiceUnavailable, RejectionMetrics.CountryUnknown);
            admitted = rule.Admits(client, country);
        }

        return admitted ? next(context) : Refuse(context, StatusCodes.Status403Forbidden, RejectionMetrics.AccessDenied);
    }

    private Task Refuse(HttpContext context, int status, string reason)
    {
        metrics.Rejected(context, EndReason.AccessDenied, reason);
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
