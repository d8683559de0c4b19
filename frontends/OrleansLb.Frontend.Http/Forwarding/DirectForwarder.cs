using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.ObjectPool;
using OrleansLb.Frontend.Http.Tls;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Forwards plain HTTP/1.1 by itself, and leaves everything that is not plain to the forwarder within: what it does not know exactly how to do as YARP does, it does not do.
/// </summary>
internal sealed class DirectForwarder(
    IHttpForwarder inner,
    IForwarderHttpClientFactory clients,
    RoutePlans plans,
    ConnectionPools pools,
    ObjectPool<DirectExchange> exchanges,
    ForwardingMetrics metrics) : IHttpForwarder
{
    // Another source of the same name has the same listeners as that of YARP's client.
    private static readonly ActivitySource ClientSource = new("System.Net.Http");

    // A factory of somebody's own may make clients that do more than send.
    private readonly bool _hasUsualClients = clients is BackendClientFactory || clients.GetType() == typeof(ForwarderHttpClientFactory);

    public ValueTask<ForwarderError> SendAsync(HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
        SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, CancellationToken.None);

    public ValueTask<ForwarderError> SendAsync(
        HttpContext context,
        string destinationPrefix,
        HttpMessageInvoker httpClient,
        ForwarderRequestConfig requestConfig,
        HttpTransformer transformer,
        CancellationToken cancellationToken)
    {
        var proxy = context.Features.Get<IReverseProxyFeature>();
        var target = pools.Target(destinationPrefix);
        var reason = ReasonAgainst(context, proxy, target, httpClient, requestConfig, cancellationToken);
        if (reason is not null || RequestFraming.Of(context) is not { } framing)
            return FallBack(reason ?? FallbackReasons.Route);
        if (!ReferenceEquals(proxy!.Route.Transformer, transformer) || plans.Of(proxy.Route.Config) is not { } plan)
            return FallBack(FallbackReasons.Transforms);

        var exchange = exchanges.Get();
        var host = plan.KeepsHost ? null : proxy.ProxiedDestination!.Model.Config.Host ?? target.Host;
        if (exchange.TryPrepare(context, target, host, framing))
            return exchange.Run(target.Pool(pools, proxy.Cluster.Config.HttpClient?.MaxConnectionsPerServer), requestConfig, plan.Affinity);
        exchanges.Return(exchange);
        return FallBack(FallbackReasons.Head);

        ValueTask<ForwarderError> FallBack(string reason)
        {
            metrics.FellBack(reason);
            return inner.SendAsync(context, destinationPrefix, httpClient, requestConfig, transformer, cancellationToken);
        }
    }

    private string? ReasonAgainst(
        HttpContext context,
        IReverseProxyFeature? proxy,
        BackendTarget target,
        HttpMessageInvoker client,
        ForwarderRequestConfig config,
        CancellationToken cancellation)
    {
        if (proxy?.ProxiedDestination is null || cancellation.CanBeCanceled || IsAnswered(context.Response))
            return FallbackReasons.Route;
        if (!target.IsUsable)
            return FallbackReasons.Destination;
        if (!IsForVersion11(config))
            return FallbackReasons.Version;
        if (!_hasUsualClients || !ReferenceEquals(proxy.Cluster.HttpClient, client)
            || proxy.Cluster.Config.HttpClient is { WebProxy: not null } or { RequestHeaderEncoding: not null } or { ResponseHeaderEncoding: not null })
        {
            return FallbackReasons.Client;
        }

        return ClientSource.HasListeners() ? FallbackReasons.Tracing : ReasonAgainst(context);
    }

    private static string? ReasonAgainst(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
            || HttpMethods.IsConnect(context.Request.Method))
        {
            return FallbackReasons.Upgrade;
        }

        return HttpProtocol.IsHttp2(context.Request.Protocol) && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true
            ? FallbackReasons.Call
            : null;
    }

    // Without TLS nothing negotiates a version, so that whoever takes a lower one gets 1.1.
    private static bool IsForVersion11(ForwarderRequestConfig config) => config.VersionPolicy switch
    {
        null or HttpVersionPolicy.RequestVersionOrLower => config.Version is null || config.Version >= HttpVersion.Version11,
        _ => config.Version == HttpVersion.Version11,
    };

    private static bool IsAnswered(HttpResponse response) => response.HasStarted || response.StatusCode != StatusCodes.Status200OK;
}
