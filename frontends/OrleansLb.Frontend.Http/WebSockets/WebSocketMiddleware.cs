using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.WebSockets;

/// <summary>Keeps in mind whoever has a WebSocket through here, so that it can be told of the end of this front-end, or to come back elsewhere.</summary>
internal sealed class WebSocketMiddleware(RequestDelegate next, OpenWebSockets open, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private const string Protocol = "websocket";

    public Task InvokeAsync(HttpContext context)
    {
        var features = context.Features;
        if (features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            return string.Equals(context.Request.Headers.Upgrade, Protocol, StringComparison.OrdinalIgnoreCase) ? Carry(context, upgrade, static (inner, begun) => new PartingUpgrade(inner, begun)) : next(context);
        return features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: Protocol } connect ? Carry(context, connect, static (inner, begun) => new PartingConnect(inner, begun)) : next(context);
    }

    private async Task Carry<TFeature>(HttpContext context, TFeature feature, Func<TFeature, Action<PartingStream>, TFeature> watched)
    {
        OpenWebSocket? socket = null;
        context.Features.Set(watched(feature, begun => open.Add(socket = Of(context, begun))));
        try
        {
            await next(context);
        }
        finally
        {
            if (socket is not null)
                open.Remove(socket);
            context.Features.Set(feature);
        }
    }

    private OpenWebSocket Of(HttpContext context, PartingStream stream)
    {
        // Whoever answers for it is known by now.
        var proxy = context.Features.Get<IReverseProxyFeature>();
        return new OpenWebSocket(stream, proxy?.Route.Cluster?.ClusterId, proxy?.ProxiedDestination?.DestinationId, clock.GetElapsedTime(0), context.Abort);
    }
}
