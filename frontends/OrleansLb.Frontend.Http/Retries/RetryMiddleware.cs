using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Health;

/// <summary>
/// A request that got no answer goes to another backend: where no connection was made, nothing was sent, so that this is safe for every method; where one ended before a word
/// of the answer, the request may have been seen, and only one that may be done twice (RFC 9110, 9.2.2) goes on, once. The backend is suspected on the way.
/// </summary>
internal sealed class RedispatchMiddleware(
    RequestDelegate next,
    PoolTable pools,
    BackendSuspicions suspicions,
    ISessionSuccessor successors,
    RouteSubsets subsets,
    RedispatchMetrics metrics)
{
    private const int MostAttempts = 4;
    private const int MostRepetitions = 1;

    public async Task Invoke(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var headers = HeaderMark.Of(context.Response);
        await next(context);
        var failure = Look(context, proxy);
        if (!MayGoOn(context, failure, tried: 0))
            return;

        var tried = new List<DestinationState>(MostAttempts);
        do
        {
            tried.Add(proxy.ProxiedDestination!);
            if (!Redirect(context, proxy, tried))
                return;
            headers.Restore(context.Response);
            metrics.Redispatched(proxy.Route.Cluster!.ClusterId);
            await next(context);
            failure = Look(context, proxy);
        }
        while (MayGoOn(context, failure, tried.Count));
    }

    /// <summary>Notes what happened.</summary>
    private ForwardingFailure Look(HttpContext context, IReverseProxyFeature proxy)
    {
        if (proxy.ProxiedDestination is not { } destination || context.Features.Get<IForwarderErrorFeature>() is not { } error)
            return ForwardingFailure.None;

        var failure = ForwardingFailures.Classify(error);
        if (failure != ForwardingFailure.None)
            Suspect(proxy, destination);
        return failure;
    }

    /// <summary>Whether the request is unharmed and may go elsewhere. A backend that ends connections may have died of the request: others are spared but for one.</summary>
    private static bool MayGoOn(HttpContext context, ForwardingFailure failure, int tried) => failure switch
    {
        ForwardingFailure.NotConnected => tried < MostAttempts - 1,
        ForwardingFailure.Reset => tried < MostRepetitions && MayBeDoneTwice(context),
        _ => false,
    } && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;

    private static bool MayBeDoneTwice(HttpContext context) =>
        IdempotentMethods.Contains(context.Request.Method) && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };

    private void Suspect(IReverseProxyFeature proxy, DestinationState destination)
    {
        if (pools.Current.TryGetValue(proxy.Route.Cluster!.ClusterId, out var pool) && pool.IndexById.TryGetValue(destination.DestinationId, out var index))
            suspicions.Report(pool, index);
    }

    private bool Redirect(HttpContext context, IReverseProxyFeature proxy, List<DestinationState> tried)
    {
        var choice = Choose(context, proxy, tried);
        if (choice.Length == 0)
            return false;
        proxy.AvailableDestinations = choice;
        proxy.ProxiedDestination = null;
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.StatusCode = StatusCodes.Status200OK;
        return true;
    }

    private DestinationState[] Choose(HttpContext context, IReverseProxyFeature proxy, List<DestinationState> tried)
    {
        if (successors.TryFind(context, tried, out var successor))
            return successor is null ? Refuse(context) : [successor];
        var wanted = subsets.Wanted(proxy.Route, proxy.Route.Cluster!.DestinationsState.AvailableDestinations);
        return [.. wanted.Where(destination => !tried.Contains(destination))];
    }

    /// <summary>The pool wants its sessions to wait for their backend.</summary>
    private static DestinationState[] Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return [];
    }

    /// <summary>The response headers that were there before the first attempt; what an attempt added is taken back.</summary>
    private readonly struct HeaderMark
    {
        private readonly KeyValuePair<string, StringValues>[]? _headers;

        private HeaderMark(KeyValuePair<string, StringValues>[]? headers) => _headers = headers;

        public static HeaderMark Of(HttpResponse response) => new(response.Headers.Count == 0 ? null : [.. response.Headers]);

        public void Restore(HttpResponse response)
        {
            response.Headers.Clear();
            foreach (var header in _headers ?? [])
                response.Headers[header.Key] = header.Value;
        }
    }
}
