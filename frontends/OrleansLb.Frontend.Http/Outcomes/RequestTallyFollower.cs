using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Http.Routing;
using OrleansLb.Frontend.Reporting;

namespace OrleansLb.Frontend.Http.Outcomes;

/// <summary>Keeps the tally at the configuration that YARP routes by, and what a request is told to do when it has ended.</summary>
internal sealed class RequestTallyFollower : IDisposable
{
    private readonly RequestTallies _tallies;
    private readonly RoutesInForce _routes;
    private readonly Lock _writer = new();
    private Func<object, Task>? _onEnd;

    public RequestTallyFollower(RequestTallies tallies, RoutesInForce routes)
    {
        (_tallies, _routes) = (tallies, routes);
        routes.Applied += Follow;
        Follow();
    }

    /// <summary>What counts a request, given its context when it has ended; one for each configuration, so that a request costs no memory. <see langword="null"/> when none are counted.</summary>
    public Func<object, Task>? OnEnd => Volatile.Read(ref _onEnd);

    public void Dispose() => _routes.Applied -= Follow;

    private void Follow()
    {
        lock (_writer)
        {
            var before = _tallies.Current;
            var tally = _tallies.Serve(_routes.Snapshot);
            if (tally is null)
                Volatile.Write(ref _onEnd, null);
            else if (tally != before || _onEnd is null)
                Volatile.Write(ref _onEnd, context => Count(tally, (HttpContext)context));
        }
    }

    private static Task Count(RequestTally tally, HttpContext context)
    {
        tally.Count(RequestFailures.HasFailed(context, tally.Rules));
        return Task.CompletedTask;
    }
}
