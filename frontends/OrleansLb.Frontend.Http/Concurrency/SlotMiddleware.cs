using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.AccessLog;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Concurrency;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Http.Tracing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Concurrency;

/// <summary>
/// In pools with a limit of concurrency, or with agents that may say one: a request goes on with a slot of its backend, which it gives back when it ends, however it ends. One that
/// finds none waits in the order of arrival; a session waits for its own backend.
/// </summary>
internal sealed class SlotMiddleware(
    RequestDelegate next,
    PoolTable pools,
    SlotPicker picker,
    ISessionSuccessor successors,
    RouteSubsets subsets,
    SlotMetrics metrics,
    RequestNotes notes,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private const string RetryAfterSeconds = "1";

    public Task Invoke(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        if (!pools.Current.TryGetValue(proxy.Route.Cluster!.ClusterId, out var pool)
            || pool.Definition.Concurrency is not { } definition
            || proxy.AvailableDestinations.Count == 0)
        {
            return next(context);
        }

        return picker.TryPick(context, proxy, pool, out var slot) is { } destination
            ? Forward(context, proxy, pool, destination, slot!)
            : IsOutOfConfiguration(proxy, pool) ? next(context) : Queue(context, proxy, pool, definition);
    }

    /// <summary>A backend that was just removed, and that YARP has for a moment longer, has no limit any more.</summary>
    private static bool IsOutOfConfiguration(IReverseProxyFeature proxy, FrontendPool pool) =>
        proxy.AvailableDestinations is [var only] && !pool.IndexById.ContainsKey(only.DestinationId);

    private async Task Forward(HttpContext context, IReverseProxyFeature proxy, FrontendPool pool, DestinationState destination, BackendSlot slot)
    {
        try
        {
            proxy.AvailableDestinations = destination;
            await next(context);
        }
        finally
        {
            pool.Admission.Leave(slot);
        }
    }

    private async Task Queue(HttpContext context, IReverseProxyFeature proxy, FrontendPool pool, ConcurrencyDefinition definition)
    {
        var began = clock.GetTimestamp();
        var request = RequestOf(proxy, pool);
        var span = QueueSpan.Begin(pool.Definition.Id);
        var outcome = await pool.Admission.Wait(request, definition, context.RequestAborted);
        QueueSpan.End(span, outcome);
        var waited = clock.GetElapsedTime(began);
        metrics.Waited(pool.Definition.Id, outcome, waited);
        notes.Of(context)?.Waited(waited);
        switch (outcome)
        {
            case AdmissionOutcome.Entered when DestinationOf(proxy, request.Given!) is { } destination:
                await Forward(context, proxy, pool, destination, request.Given!);
                return;
            case AdmissionOutcome.Entered:
                pool.Admission.Leave(request.Given!);
                await GoElsewhere(context, proxy, request.Given!);
                return;
            case AdmissionOutcome.BackendGone:
                await GoElsewhere(context, proxy, request.Pinned!);
                return;
            case AdmissionOutcome.Unlimited:
                // A limit may be back that nobody follows yet: whoever does needs a thread, and calls must not pile up meanwhile.
                await Task.Yield();
                await Invoke(context);
                return;
            case AdmissionOutcome.ClientLeft:
                notes.Of(context)?.EndsAs(EndReason.ClientLeftQueue);
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return;
            default:
                await Refuse(context, outcome == AdmissionOutcome.QueueFull ? EndReason.QueueFull : EndReason.QueueTimeout);
                return;
        }
    }

    /// <summary>What the request waited for is not to be had any more: a session goes where every front-end sends it, or is refused if its pool wants that.</summary>
    private Task GoElsewhere(HttpContext context, IReverseProxyFeature proxy, BackendSlot gone)
    {
        if (DestinationOf(proxy, gone) is { } left && successors.TryFind(context, left, out var successor))
        {
            if (successor is null)
                return Refuse(context, EndReason.SessionRefused);
            proxy.AvailableDestinations = successor;
        }
        else
        {
            proxy.AvailableDestinations = subsets.Wanted(proxy.Route, proxy.Route.Cluster!.DestinationsState.AvailableDestinations);
        }

        return Invoke(context);
    }

    private Task Refuse(HttpContext context, EndReason reason)
    {
        notes.Of(context)?.EndsAs(reason);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Task.CompletedTask;
    }

    private WaitingRequest RequestOf(IReverseProxyFeature proxy, FrontendPool pool)
    {
        var (state, destinations) = (proxy.Route.Cluster!.DestinationsState, proxy.AvailableDestinations);
        if (ReferenceEquals(destinations, state.AvailableDestinations))
            return new WaitingRequest(pinned: null, choices: null);
        // What its route wants and cannot have now it may have by then.
        if (ReferenceEquals(destinations, subsets.Wanted(proxy.Route, state.AvailableDestinations)))
            return new WaitingRequest(pinned: null, Ids(subsets.Wanted(proxy.Route, state.AllDestinations)));
        // Its session, or the backends that refused it, leave it less to choose from than others have.
        return destinations is [var only] && pool.IndexById.TryGetValue(only.DestinationId, out var index)
            ? new WaitingRequest(pool.Slots[index], choices: null)
            : new WaitingRequest(pinned: null, Ids(destinations));
    }

    private static string[] Ids(IReadOnlyList<DestinationState> destinations) => [.. destinations.Select(static destination => destination.DestinationId)];

    private static DestinationState? DestinationOf(IReverseProxyFeature proxy, BackendSlot slot) =>
        proxy.Route.Cluster!.Destinations.GetValueOrDefault(slot.Definition.Id);
}
