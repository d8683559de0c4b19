using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Health;
using OrleansLb.Frontend.Http.Hedging;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Retries;

/// <summary>
/// A request that got no answer goes to another backend: where no connection was made, nothing was sent, so that this is safe for every method; where one ended before a word
/// of the answer, or the answer is one that the pool tries again, the request may have been seen, and only one that may be done twice (RFC 9110, 9.2.2) goes on, as far as the
/// cluster's budget goes. A backend that cannot be reached is suspected on the way.
/// </summary>
internal sealed class RetryMiddleware(
    RequestDelegate next,
    PoolTable pools,
    BackendSuspicions suspicions,
    ISessionSuccessor successors,
    RouteSubsets subsets,
    RetryMetrics metrics,
    RejectionMetrics rejections,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    public Task Invoke(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var pool = pools.Current.GetValueOrDefault(proxy.Route.Cluster!.ClusterId);
        // Nearly all requests have no such body, and pay for none.
        return KeptBody.IsToKeep(context, pool?.Definition.Retry ?? RetryDefinition.Default, out var length)
            ? Keep(context, proxy, pool, length)
            : Forward(context, proxy, pool, body: null);
    }

    private async Task Keep(HttpContext context, IReverseProxyFeature proxy, FrontendPool? pool, int length)
    {
        KeptBody body;
        try
        {
            body = await KeptBody.Read(context, length);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            KeptBody.Refuse(context, exception, rejections);
            return;
        }

        using (body)
            await Forward(context, proxy, pool, body);
    }

    private async Task Forward(HttpContext context, IReverseProxyFeature proxy, FrontendPool? pool, KeptBody? body)
    {
        var headers = HeaderMark.Of(context.Response);
        var turn = pool is null || (pool.Definition.Retry.OnStatuses is null && !HedgeDelay.IsWanted(proxy.Route)) ? null : Begin(context, pool, body);
        if (turn is not null)
            context.Features.Set(turn);
        await next(context);

        var failure = Look(context, proxy, turn);
        if (failure == ForwardingFailure.None)
            return;
        turn ??= Begin(context, pool, body);
        while (turn.IsDiscarded || turn.TryGoOn(failure))
        {
            turn.GoOn(headers, failure);
            body?.Rewind();
            await next(context);
            failure = Look(context, proxy, turn);
        }
    }

    private RetryTurn Begin(HttpContext context, FrontendPool? pool, KeptBody? body) => new(
        context,
        pool,
        IdempotentMethods.Contains(context.Request.Method) && (body is not null || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true }),
        successors,
        subsets,
        metrics,
        clock);

    /// <summary>Notes what happened.</summary>
    private ForwardingFailure Look(HttpContext context, IReverseProxyFeature proxy, RetryTurn? turn)
    {
        if (turn is { IsDiscarded: true })
            return ForwardingFailure.Status;
        if (proxy.ProxiedDestination is not { } destination || context.Features.Get<IForwarderErrorFeature>() is not { } error)
            return ForwardingFailure.None;

        var failure = ForwardingFailures.Classify(error);
        if (failure != ForwardingFailure.None)
            Suspect(proxy, destination);
        // Who takes no more of a body may have had enough of it, and is no worse for that.
        return error.Error == ForwarderError.RequestBodyDestination ? ForwardingFailure.Reset : failure;
    }

    private void Suspect(IReverseProxyFeature proxy, DestinationState destination)
    {
        if (pools.Current.TryGetValue(proxy.Route.Cluster!.ClusterId, out var pool) && pool.IndexById.TryGetValue(destination.DestinationId, out var index))
            suspicions.Report(pool, index);
    }
}
