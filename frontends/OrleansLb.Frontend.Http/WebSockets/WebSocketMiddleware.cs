using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Frontend.Http.WebSockets;

/// <summary>Keeps in mind whoever has a WebSocket through here, so that the end of this front-end can be told.</summary>
internal sealed class WebSocketMiddleware(RequestDelegate next, OpenWebSockets open)
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
        PartingStream? stream = null;
        context.Features.Set(watched(feature, begun => open.Add(stream = begun)));
        try
        {
            await next(context);
        }
        finally
        {
            if (stream is not null)
                open.Remove(stream);
            context.Features.Set(feature);
        }
    }
}
