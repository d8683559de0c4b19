using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Http.Concurrency;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Picks the backend of a copy by its pool's own policy. A copy waits in no queue: where every backend is full it is not sent.</summary>
internal sealed class MirrorPick(RequestDelegate next, PoolTable pools, SlotPicker picker)
{
    public Task Invoke(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        if (proxy.AvailableDestinations.Count > 0 && pools.Current.TryGetValue(proxy.Route.Cluster!.ClusterId, out var pool) && pool.Definition.Concurrency is not null)
            return GoInSlot(context, proxy, pool);
        if (picker.Choose(context, proxy.AvailableDestinations) is not { } destination)
            return Drop(context, MirrorOutcome.NoBackend);
        proxy.AvailableDestinations = destination;
        return next(context);
    }

    private async Task GoInSlot(HttpContext context, IReverseProxyFeature proxy, FrontendPool pool)
    {
        if (picker.TryPick(context, proxy, pool, out var slot) is not { } destination)
        {
            await Drop(context, MirrorOutcome.Busy);
            return;
        }

        try
        {
            proxy.AvailableDestinations = destination;
            await next(context);
        }
        finally
        {
            pool.Admission.Leave(slot!);
        }
    }

    private static Task Drop(HttpContext context, MirrorOutcome outcome)
    {
        context.Features.GetRequiredFeature<MirroredExchange>().Outcome = outcome;
        return Task.CompletedTask;
    }
}
