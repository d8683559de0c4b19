using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OrleansLb.Core;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Hedging;
using OrleansLb.Frontend.Http.Outcomes;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Counts each request at its backend from the pick to the end, however it ends, and what came of it there.</summary>
internal sealed class InFlightMiddleware(
    RequestDelegate next,
    PoolTable pools,
    BackendAttempts attempts,
    RequestNotes notes,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    /// <summary>Longer than anything from which a backend's time for a request is learned.</summary>
    private static readonly TimeSpan NoWork = TimeSpan.MaxValue;

    public Task Invoke(HttpContext context)
    {
        // The balancer before leaves one destination, or none.
        var proxy = context.GetReverseProxyFeature();
        if (proxy.AvailableDestinations is not [var destination]
            || !pools.Current.TryGetValue(proxy.Route.Cluster!.ClusterId, out var pool)
            || !pool.IndexById.TryGetValue(destination.DestinationId, out var index))
        {
            return next(context);
        }

        var isCall = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) ?? false;
        return isCall || MayOutliveItsAnswer(context)
            ? CountConnection(context, pool.Slots[index], isCall)
            : CountRequest(context, pool.Slots[index]);
    }

    private async Task CountRequest(HttpContext context, BackendSlot slot)
    {
        var failed = true;
        slot.Begin();
        var attempt = attempts.Begin(context, slot);
        var place = slot.Exchanges.Enter(context);
        try
        {
            await next(context);
            failed = IsFailure(context);
        }
        finally
        {
            Leave(context, slot, place);
            // What was refused here is no work that the backend did quickly.
            slot.End(attempt.IsAnswered || failed ? attempt.Took : NoWork, failed && !context.RequestAborted.IsCancellationRequested);
            attempts.End(context, attempt);
        }
    }

    private async Task CountConnection(HttpContext context, BackendSlot slot, bool isCall)
    {
        var failed = true;
        slot.Begin();
        var attempt = attempts.Begin(context, slot);
        var connection = new CountedConnection(context, slot, isCall, clock);
        var place = slot.Exchanges.Enter(context);
        try
        {
            await next(context);
            failed = IsFailure(context);
        }
        finally
        {
            Leave(context, slot, place);
            connection.End(failed && !context.RequestAborted.IsCancellationRequested);
            attempts.End(context, attempt);
        }
    }

    private void Leave(HttpContext context, BackendSlot slot, in InFlightExchanges.Place place)
    {
        // Of two attempts, one that is cut off says nothing of the request while there is the other.
        if (slot.Exchanges.Leave(place) && HedgedAttempt.Of(context) is null)
            notes.Of(context)?.EndsAs(EndReason.Drained);
    }

    private static bool IsFailure(HttpContext context) =>
        context.Response.StatusCode >= StatusCodes.Status500InternalServerError || context.Features.Get<IForwarderErrorFeature>() is not null;

    /// <summary>Whether the answer may turn the request into a connection: an upgrade, an extended CONNECT, or a stream of events.</summary>
    private static bool MayOutliveItsAnswer(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
        || context.Request.Headers[HeaderNames.Accept].ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
