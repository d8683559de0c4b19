using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Core;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.AccessLog;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Timeouts;

/// <summary>
/// Ends requests that take longer than the <c>Timeout</c> of their route, or that of its <c>TimeoutPolicy</c>, whatever they wait for: limits, queues, backends, or a client that is slow. Not those that became WebSockets. The framework's own middleware for it
/// cannot tell the forwarder's answer from one of the backend's, and knows no reason to log.
/// </summary>
internal sealed class RouteTimeoutMiddleware(RequestDelegate next, RequestNotes notes, RouteTimeoutMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    public Task InvokeAsync(HttpContext context)
    {
        var route = context.GetRouteModel().Config;
        return route.Metadata is { } metadata && metadata.TryGetValue(RouteMetadataKeys.Timeout, out var text)
            ? Limit(context, route, TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture))
            : next(context);
    }

    private async Task Limit(HttpContext context, RouteConfig route, TimeSpan time)
    {
        var client = context.RequestAborted;
        using var total = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(client, total.Token);
        var isOver = false;
        // Before anybody else hears of it: whoever breaks the answer off ends the client's connection too.
        using var first = total.Token.Register(() => Volatile.Write(ref isOver, !client.IsCancellationRequested));
        context.Response.OnStarting(EndlessIfUpgraded, (context, total));
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (Volatile.Read(ref isOver))
        {
            // Whoever was waited for, it is answered below.
        }
        finally
        {
            context.RequestAborted = client;
        }

        if (Volatile.Read(ref isOver))
            End(context, route);
    }

    private void End(HttpContext context, RouteConfig route)
    {
        // What had ended by itself in that moment stays as it is.
        if (context.Response.HasStarted && context.GetForwarderErrorFeature() is null)
            return;
        metrics.Ended(route.RouteId);
        notes.Of(context)?.EndsAfterAllAs(EndReason.RouteTimeout);
        if (context.Response.HasStarted)
            context.Abort();
        else
            context.Response.StatusCode = StatusOf(route);
    }

    private static int StatusOf(RouteConfig route) =>
        route.Metadata!.TryGetValue(RouteMetadataKeys.TimeoutStatus, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : StatusCodes.Status504GatewayTimeout;

    private static Task EndlessIfUpgraded(object state)
    {
        var (context, total) = ((HttpContext, CancellationTokenSource))state;
        if (context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols || HttpMethods.IsConnect(context.Request.Method))
            total.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }
}
