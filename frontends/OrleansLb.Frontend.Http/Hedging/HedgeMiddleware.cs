using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Concurrency;
using OrleansLb.Frontend.Http.Health;
using OrleansLb.Frontend.Http.Retries;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Hedging;

/// <summary>
/// Sends a request whose backend is silent for too long to a second one as well, as far as the pool's retry budget goes. The first head of an answer is passed on; the other attempt is ended with
/// its connection. Behind whatever a request waits for: what stands in a queue is not sent twice, and a second attempt stands in none.
/// </summary>
internal sealed class HedgeMiddleware(
    RequestDelegate next,
    PoolTable pools,
    SlotPicker picker,
    BackendSuspicions suspicions,
    RequestNotes notes,
    RetryMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    public Task Invoke(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        return HedgeDelay.TryGet(context, proxy.Route, out var delay)
            && proxy.AvailableDestinations is [var destination]
            && pools.Current.TryGetValue(proxy.Route.Cluster!.ClusterId, out var pool)
            && pool.IndexById.TryGetValue(destination.DestinationId, out var index)
            // The trial of a circuit has to tell what its backend does, however long that takes.
            && pool.Slots[index].Trial is null
            && context.Features.Get<RetryTurn>() is { MayBeHedged: true } turn
            ? Hedge(context, turn, pool, destination, delay)
            : next(context);
    }

    private async Task Hedge(HttpContext context, RetryTurn turn, FrontendPool pool, DestinationState destination, TimeSpan delay)
    {
        using var request = new HedgedRequest(context, turn);
        // Waits before the first sets out. Neither goes on when this has ended: both read what the server uses again for another request.
        var second = JoinWhenSlow(request, turn, pool, destination, delay);
        await Task.WhenAll(Send(request.First, pool), second);
        if (request.Settle().IsCutOff)
            notes.Of(context)?.EndsAs(EndReason.Drained);
        if (request.HasJoined)
            metrics.Hedged(pool.Definition.Id, request.Winner);
    }

    private async Task JoinWhenSlow(HedgedRequest request, RetryTurn turn, FrontendPool pool, DestinationState present, TimeSpan delay)
    {
        await Task.Delay(delay, clock, request.IsNotSlow).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (request.IsNotSlow.IsCancellationRequested)
            return;
        var second = request.Prepare(turn.Beside(present));
        if (Pick(second, pool, out var slot) is not { } destination)
        {
            metrics.NotHedged(pool.Definition.Id);
            return;
        }

        try
        {
            if (turn.TryPayForHedge() && request.TryJoin(present, destination))
                await Send(second, pool);
        }
        finally
        {
            if (slot is not null)
                pool.Admission.Leave(slot);
        }
    }

    /// <summary>Picks by the pool's own policy among the backends that are left, one with a free slot where slots are counted.</summary>
    private DestinationState? Pick(HedgedAttempt attempt, FrontendPool pool, out BackendSlot? slot)
    {
        slot = null;
        var picked = pool.Definition.Concurrency is null
            ? picker.Choose(attempt.Context, attempt.Proxy.AvailableDestinations)
            : picker.TryPick(attempt.Context, attempt.Proxy, pool, out slot);
        attempt.Proxy.AvailableDestinations = picked ?? attempt.Proxy.AvailableDestinations;
        return picked;
    }

    private async Task Send(HedgedAttempt attempt, FrontendPool pool)
    {
        try
        {
            await next(attempt.Context);
        }
        catch (OperationCanceledException) when (attempt.HasLost)
        {
            // It was ended from here.
        }
        finally
        {
            Suspect(attempt, pool);
            attempt.Ended();
        }
    }

    /// <summary>Whoever tried again after a failed attempt would; here another one may have answered.</summary>
    private void Suspect(HedgedAttempt attempt, FrontendPool pool)
    {
        if (attempt.Context.Features.Get<IForwarderErrorFeature>() is { } error && ForwardingFailures.Classify(error) != ForwardingFailure.None
            && attempt.Proxy.ProxiedDestination is { } destination && pool.IndexById.TryGetValue(destination.DestinationId, out var index))
        {
            suspicions.Report(pool, index);
        }
    }
}
