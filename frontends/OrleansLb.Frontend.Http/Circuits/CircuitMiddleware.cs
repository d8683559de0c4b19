using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Frontend.Circuits;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Circuits;

/// <summary>Makes one request the trial of a half-open circuit, if the cluster gives it to this front-end. A request with a session of its own is none.</summary>
internal sealed class CircuitMiddleware(RequestDelegate next, PoolTable pools, CircuitTrials trials, RouteSubsets subsets)
{
    public Task Invoke(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        return pools.Current.TryGetValue(proxy.Route.Cluster!.ClusterId, out var pool) && !pool.Health.OnTrial.IsEmpty && !IsBound(context)
            ? Try(context, proxy, pool)
            : next(context);
    }

    private static bool IsBound(HttpContext context) =>
        context.Features.Get<AffinityFeature>() is { Opening.IsGood: true } || context.Features.Get<SessionFeature>() is { Binding.Epoch: > 0 };

    private async Task Try(HttpContext context, IReverseProxyFeature proxy, FrontendPool pool)
    {
        if (context.Features.Get<GivenTrial>() is { } given)
        {
            await Try(context, proxy, DestinationOf(proxy, pool, given.Index), given.Ticket);
            return;
        }

        foreach (var index in pool.Health.OnTrial)
        {
            if (DestinationOf(proxy, pool, index) is not { } destination || await trials.Begin(pool, index) is not { } ticket)
                continue;
            await Try(context, proxy, destination, ticket);
            return;
        }

        await next(context);
    }

    private async Task Try(HttpContext context, IReverseProxyFeature proxy, DestinationState? destination, CircuitTicket ticket)
    {
        try
        {
            proxy.AvailableDestinations = destination ?? proxy.AvailableDestinations;
            await next(context);
        }
        finally
        {
            // Unless there was an answer.
            ticket.End(TrialOutcome.Abandoned);
        }
    }

    /// <summary>The backend, if the route wants it.</summary>
    private DestinationState? DestinationOf(IReverseProxyFeature proxy, FrontendPool pool, int index)
    {
        var id = pool.Slots[index].Definition.Id;
        return subsets.Wanted(proxy.Route, proxy.Route.Cluster!.DestinationsState.AllDestinations)
            .FirstOrDefault(destination => string.Equals(destination.DestinationId, id, StringComparison.OrdinalIgnoreCase));
    }
}
