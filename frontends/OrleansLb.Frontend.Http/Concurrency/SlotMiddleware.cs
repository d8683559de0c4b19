using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Concurrency;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Concurrency;

/// <summary>
/// In pools with a limit of concurrency: a request goes on with a slot of its backend, which it gives back when it ends, however it ends. One that
/// finds none waits in the order of arrival; a session waits for its own backend.
/// </summary>
internal sealed class SlotMiddleware(
    RequestDelegate next,
    PoolTable pools,
    SlotPicker picker,
    SlotMetrics metrics,
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
        var outcome = await pool.Admission.Wait(request, definition, context.RequestAborted);
        metrics.Waited(pool.Definition.Id, outcome, clock.GetElapsedTime(began));
        switch (outcome)
        {
            case AdmissionOutcome.Entered when DestinationOf(proxy, request.Given!) is { } destination:
                await Forward(context, proxy, pool, destination, request.Given!);
                return;
            case AdmissionOutcome.Entered:
                pool.Admission.Leave(request.Given!);
                await GoOn(context, proxy);
                return;
            case AdmissionOutcome.BackendGone or AdmissionOutcome.Unlimited:
                await GoOn(context, proxy);
                return;
            case AdmissionOutcome.ClientLeft:
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return;
            default:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
                return;
        }
    }

    /// <summary>The configuration changed under the request: by the new one.</summary>
    private Task GoOn(HttpContext context, IReverseProxyFeature proxy)
    {
        var available = proxy.Route.Cluster!.DestinationsState.AvailableDestinations;
        if (proxy.AvailableDestinations.Count <= 1)
            proxy.AvailableDestinations = available;
        return Invoke(context);
    }

    private static WaitingRequest RequestOf(IReverseProxyFeature proxy, FrontendPool pool)
    {
        var destinations = proxy.AvailableDestinations;
        if (ReferenceEquals(destinations, proxy.Route.Cluster!.DestinationsState.AvailableDestinations))
            return new WaitingRequest(pinned: null, choices: null);
        // Its session, or the backends that refused it, leave it less to choose from than others have.
        return destinations is [var only] && pool.IndexById.TryGetValue(only.DestinationId, out var index)
            ? new WaitingRequest(pool.Slots[index], choices: null)
            : new WaitingRequest(pinned: null, [.. destinations.Select(static destination => destination.DestinationId)]);
    }

    private static DestinationState? DestinationOf(IReverseProxyFeature proxy, BackendSlot slot) =>
        proxy.Route.Cluster!.Destinations.GetValueOrDefault(slot.Definition.Id);
}
