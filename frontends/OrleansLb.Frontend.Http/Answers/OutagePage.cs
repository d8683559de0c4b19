using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.Health;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>Gives the failure of a pool that has nobody to serve it a page: none was there, or none could be connected to. What is said of the request stays what happened.</summary>
/// <param name="route">The route.</param>
/// <param name="page">The page.</param>
/// <param name="metrics">What is counted.</param>
/// <param name="proxy">What may fail.</param>
internal sealed class OutagePage(string route, Page page, AnswerMetrics metrics, RequestDelegate proxy)
{
    public async Task Invoke(HttpContext context)
    {
        await proxy(context);
        if (!IsOutage(context))
            return;
        metrics.Answered(route, AnswerKind.Unavailable);
        await page.Send(context);
    }

    private static bool IsOutage(HttpContext context) =>
        !context.Response.HasStarted
        && context.Features.Get<IForwarderErrorFeature>() is { } failure
        && (failure.Error == ForwarderError.NoAvailableDestinations || ForwardingFailures.Classify(failure) == ForwardingFailure.NotConnected);
}
