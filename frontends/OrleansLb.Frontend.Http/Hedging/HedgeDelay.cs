using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Configuration;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Hedging;

/// <summary>Which requests may be sent to a second backend while the first one is silent, and after how long.</summary>
internal static class HedgeDelay
{
    /// <summary>Whether a route has slow requests sent to a second backend.</summary>
    public static bool IsWanted(RouteModel route) => TryRead(route, out _);

    /// <summary>
    /// Whether a request may be. Only one that changes nothing and has no body: both backends carry it out. One that may become a connection is none.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="route">Its route.</param>
    /// <param name="delay">After how long without the head of an answer.</param>
    public static bool TryGet(HttpContext context, RouteModel route, out TimeSpan delay)
    {
        delay = default;
        if (!TryRead(route, out var text) || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            || context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            return false;
        }

        delay = TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture);
        return true;
    }

    private static bool TryRead(RouteModel route, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return route.Config.Metadata is { } metadata && metadata.TryGetValue(RouteMetadataKeys.Hedge, out text);
    }
}
