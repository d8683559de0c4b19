using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.Health;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Retries;

/// <summary>
/// One request on its way from backend to backend: where it has been, and whether it may go on. Where answers are tried again, or slow requests sent to a second backend, it is known to the
/// request's features from the start.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="pool">Its pool; <see langword="null"/> if that is no longer there, so that nothing is sent twice.</param>
/// <param name="isRepeatable">Whether the request may be done twice, and is there whole to be sent again.</param>
/// <param name="successors">Where sessions go.</param>
/// <param name="subsets">Which backends the route wants.</param>
/// <param name="metrics">What is counted.</param>
/// <param name="clock">The product's monotonic clock.</param>
internal sealed class RetryTurn(
    HttpContext context,
    FrontendPool? pool,
    bool isRepeatable,
    ISessionSuccessor successors,
    RouteSubsets subsets,
    RetryMetrics metrics,
    TimeProvider clock)
{
    /// <summary>More dead backends in a row than this, and the pool is taken to be dead.</summary>
    private const int MostNotConnected = 3;

    private readonly RetryDefinition _rules = pool?.Definition.Retry ?? RetryDefinition.Default;
    private readonly List<DestinationState> _tried = [];
    private DestinationState[] _choice = [];
    private int _sent;

    /// <summary>Whether the answer of the last attempt is to be forgotten.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Whether a second attempt may be made beside the one that is on its way: the two count as any.</summary>
    public bool MayBeHedged => isRepeatable && _sent + 2 <= _rules.MaxAttempts;

    /// <summary>
    /// Asked once when the head of an answer is there, before any of it is passed on. When it says yes the answer must be thrown away.
    /// </summary>
    /// <param name="status">The status of the answer.</param>
    public bool TryDiscard(int status)
    {
        IsDiscarded = IsToBeTriedAgain(status) && TryGoOn(ForwardingFailure.Status);
        return IsDiscarded;
    }

    /// <summary>Whether a status is one that the pool tries again.</summary>
    /// <param name="status">The status.</param>
    public bool IsToBeTriedAgain(int status) => _rules.OnStatuses?.Contains(status) == true;

    /// <summary>Where a second attempt beside the present one may go.</summary>
    /// <param name="present">Where that one is.</param>
    public DestinationState[] Beside(DestinationState present)
    {
        var route = context.GetReverseProxyFeature().Route;
        return [.. subsets.Wanted(route, route.Cluster!.DestinationsState.AvailableDestinations).Where(destination => destination != present && !_tried.Contains(destination))];
    }

    /// <summary>Charges the budget for a second attempt beside the present one, if something is left of it.</summary>
    public bool TryPayForHedge()
    {
        if (pool!.Retries.TryTake(_rules, pool.Load.View.Traffic.Fleet, clock.GetElapsedTime(0)))
            return true;
        metrics.HedgeDenied(pool.Definition.Id);
        return false;
    }

    /// <summary>Notes a second attempt beside the present one.</summary>
    /// <param name="present">Where that one is.</param>
    /// <param name="second">Where it goes.</param>
    public void Joined(DestinationState present, DestinationState second)
    {
        _sent++;
        _tried.AddRange([present, second]);
        pool!.Retries.Repeated();
    }

    /// <summary>Whether there is another backend, and something left of the budget, which is then charged.</summary>
    /// <param name="failure">How the last attempt failed.</param>
    public bool TryGoOn(ForwardingFailure failure)
    {
        if (!IsAllowed(failure) || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return false;
        var proxy = context.GetReverseProxyFeature();
        // One that was hedged is there already.
        if (!_tried.Contains(proxy.ProxiedDestination!))
            _tried.Add(proxy.ProxiedDestination!);
        _choice = Choose(proxy, failure);
        return _choice.Length > 0 && (failure == ForwardingFailure.NotConnected || IsPaid(proxy, failure));
    }

    /// <summary>Makes the request as it was before the attempt that failed, but for where it may go.</summary>
    /// <param name="headers">The fields of the response before.</param>
    /// <param name="failure">How it failed.</param>
    public void GoOn(HeaderMark headers, ForwardingFailure failure)
    {
        var proxy = context.GetReverseProxyFeature();
        proxy.AvailableDestinations = _choice;
        proxy.ProxiedDestination = null;
        context.Features.Set<Yarp.ReverseProxy.Forwarder.IForwarderErrorFeature>(null);
        context.Response.StatusCode = StatusCodes.Status200OK;
        headers.Restore(context.Response);
        IsDiscarded = false;
        pool?.Retries.Repeated();
        metrics.Redispatched(proxy.Route.Cluster!.ClusterId, failure);
    }

    /// <summary>Whether the request is unharmed. A backend that ends connections may have died of the request: others are spared but for as many as are configured.</summary>
    private bool IsAllowed(ForwardingFailure failure)
    {
        if (failure == ForwardingFailure.NotConnected)
            return _rules.OnConnectFailure && _tried.Count < MostNotConnected;
        _sent++;
        return isRepeatable && _sent < _rules.MaxAttempts && (failure == ForwardingFailure.Status || (failure == ForwardingFailure.Reset && _rules.OnReset));
    }

    private bool IsPaid(IReverseProxyFeature proxy, ForwardingFailure failure)
    {
        if (pool is not null && pool.Retries.TryTake(_rules, pool.Load.View.Traffic.Fleet, clock.GetElapsedTime(0)))
            return true;
        metrics.Denied(proxy.Route.Cluster!.ClusterId, failure);
        return false;
    }

    /// <summary>A backend that answers is alive: a session stays with it whatever it says.</summary>
    private DestinationState[] Choose(IReverseProxyFeature proxy, ForwardingFailure failure)
    {
        if (successors.TryFind(context, _tried, out var successor))
            return failure == ForwardingFailure.Status ? [] : successor is null ? Refuse() : [successor];
        var wanted = subsets.Wanted(proxy.Route, proxy.Route.Cluster!.DestinationsState.AvailableDestinations);
        return [.. wanted.Where(destination => !_tried.Contains(destination))];
    }

    /// <summary>The pool wants its sessions to wait for their backend.</summary>
    private DestinationState[] Refuse()
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return [];
    }
}
