using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Outcomes;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Sends a copy to its backend and reads the answer, which nobody gets. By YARP's forwarder: it takes a request that no server made.</summary>
internal sealed class MirrorForwarder(StrictForwarder forwarder, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    public async Task Send(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var exchange = context.Features.GetRequiredFeature<MirroredExchange>();
        var destination = proxy.AvailableDestinations[0];
        proxy.ProxiedDestination = destination;
        using var time = new CancellationTokenSource(exchange.Plan.Definition.Timeout, clock);
        var error = await forwarder.SendAsync(
            context, destination.Model.Config.Address, proxy.Cluster.HttpClient, proxy.Cluster.Config.HttpRequest ?? ForwarderRequestConfig.Empty, proxy.Route.Transformer, time.Token);
        exchange.Outcome = OutcomeOf(context, error, exchange, time.IsCancellationRequested);
    }

    private static MirrorOutcome OutcomeOf(HttpContext context, ForwarderError error, MirroredExchange exchange, bool isOver)
    {
        if (error == ForwarderError.None)
            return MirrorOutcome.Answered;
        if (exchange.IsCutOff)
            return MirrorOutcome.CutOff;
        if (!isOver)
            return error == ForwarderError.RequestTimedOut ? MirrorOutcome.TimedOut : MirrorOutcome.Failed;
        // One that has not answered in our time is too slow; one whose answer goes on may do so for whoever wants it.
        var hasAnswered = context.Features.Get<BackendAttempt>() is { IsAnswered: true };
        context.Features.Set<IForwarderErrorFeature>(hasAnswered ? null : new ForwardedError(ForwarderError.RequestTimedOut, null));
        return MirrorOutcome.TimedOut;
    }
}
