using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Core;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Concurrency;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Sessions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.SessionAffinity;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>
/// Session affinity by what the application or the client calls a session itself. The cluster binds each to one backend, whichever front-end is first; a response that
/// begins a session by setting its cookie binds it before the client has the cookie.
/// </summary>
internal sealed class ClusterSessionPolicy(
    PoolTable pools,
    LearnedSessions sessions,
    SessionResolver resolver,
    SlotPicker picker,
    IConfigurationView configuration,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock) : ISessionAffinityPolicy, ISessionSuccessor
{
    private static readonly AffinityResult NoSession = new(null, AffinityStatus.AffinityKeyNotSet);

    public string Name => SessionAffinityPolicyNames.ClusterSession;

    public ValueTask<AffinityResult> FindAffinitizedDestinationsAsync(
        HttpContext context,
        ClusterState cluster,
        SessionAffinityConfig config,
        IReadOnlyList<DestinationState> destinations,
        CancellationToken cancellationToken)
    {
        if (!pools.Current.TryGetValue(cluster.ClusterId, out var pool) || KeyOf(context, pool) is not { } key)
            return new(NoSession);
        return resolver.TryFind(pool, key, out var place)
            ? new(Follow(context, cluster, key, place))
            : new(Ask(context, cluster, config, destinations, key, cancellationToken));
    }

    /// <summary>What can be said without waiting; YARP asks the other way.</summary>
    public AffinityResult FindAffinitizedDestinations(HttpContext context, ClusterState cluster, SessionAffinityConfig config, IReadOnlyList<DestinationState> destinations) =>
        pools.Current.TryGetValue(cluster.ClusterId, out var pool) && KeyOf(context, pool) is { } key && resolver.TryFind(pool, key, out var place)
            ? Follow(context, cluster, key, place)
            : NoSession;

    public bool TryFind(HttpContext context, IReadOnlyList<DestinationState> tried, out DestinationState? successor)
    {
        successor = null;
        var proxy = context.GetReverseProxyFeature();
        if (context.Features.Get<SessionFeature>() is not { } session || !pools.Current.TryGetValue(session.PoolId, out var pool))
            return false;
        if (PolicyOf(proxy.Cluster.Config.SessionAffinity!) == AffinityFailurePolicy.Return503Error)
            return true;
        Span<int> left = stackalloc int[tried.Count];
        for (var i = 0; i < left.Length; i++)
            left[i] = pool.IndexById.GetValueOrDefault(tried[i].DestinationId, -1);
        var index = AffinityMachine.Successor(pool.ViewSessions(clock.GetElapsedTime(0), left), session.Key.Value, pool.IndexOf(session.Binding.Backend));
        successor = index < 0 ? null : proxy.Route.Cluster!.Destinations.GetValueOrDefault(pool.Definition.Backends[index].Id);
        return successor is not null;
    }

    public ValueTask AffinitizeResponseAsync(
        HttpContext context,
        ClusterState cluster,
        SessionAffinityConfig config,
        DestinationState destination,
        CancellationToken cancellationToken)
    {
        // A response that we made up ourselves says nothing about the backend.
        if (context.Features.Get<IForwarderErrorFeature>() is not null
            || !pools.Current.TryGetValue(cluster.ClusterId, out var pool)
            || pool.Definition.Session is not { } definition
            || !pool.IndexById.TryGetValue(destination.DestinationId, out var index))
            return default;
        var session = context.Features.Get<SessionFeature>();
        var begun = BegunBy(context.Response, pool, definition);
        var backend = pool.Keys[index];
        var hasMoved = session is { Binding: { IsBound: true, Epoch: > 0 } binding } && binding.Backend != backend;
        var isNew = begun is { } key && key != session?.Key;
        return hasMoved || isNew ? new(Learn(pool.Definition.Id, hasMoved ? session : null, isNew ? begun : null, backend, cancellationToken)) : default;
    }

    /// <summary>Nothing that can be done without waiting; YARP asks the other way.</summary>
    public void AffinitizeResponse(HttpContext context, ClusterState cluster, SessionAffinityConfig config, DestinationState destination)
    {
        // A binding is made by a call.
    }

    private async Task<AffinityResult> Ask(
        HttpContext context,
        ClusterState cluster,
        SessionAffinityConfig config,
        IReadOnlyList<DestinationState> destinations,
        SessionKey key,
        CancellationToken cancellationToken)
    {
        var place = await resolver.Find(
            cluster.ClusterId,
            key,
            PolicyOf(config),
            () => picker.Choose(context, destinations)?.DestinationId,
            cancellationToken);
        return Follow(context, cluster, key, place);
    }

    private async Task Learn(string poolId, SessionFeature? moved, SessionKey? begun, BackendKey backend, CancellationToken cancellationToken)
    {
        if (moved is not null)
            await resolver.Learn(poolId, moved.Key, backend, moved.Binding.Epoch, cancellationToken);
        if (begun is { } key)
            await resolver.Learn(poolId, key, backend, replaces: 0, cancellationToken);
    }

    // YARP's own list and not the available ones: a draining backend keeps its sessions but is no longer available to others.
    private static AffinityResult Follow(HttpContext context, ClusterState cluster, SessionKey key, in SessionPlace place)
    {
        context.Features.Set(new SessionFeature(cluster.ClusterId, key, place.Binding, place.Outcome));
        if (place.Outcome == SessionPlaceOutcome.Refused)
            return new AffinityResult(null, AffinityStatus.DestinationNotFound);
        return place.Backend is not null && cluster.Destinations.TryGetValue(place.Backend, out var destination)
            ? new AffinityResult(destination, AffinityStatus.OK)
            : NoSession;
    }

    private SessionKey? KeyOf(HttpContext context, FrontendPool pool) =>
        pool.Definition.Session is { } definition ? SessionKeyReader.Of(context, definition, HasherOf(pool)) : null;

    private SessionKey? BegunBy(HttpResponse response, FrontendPool pool, SessionDefinition definition) =>
        definition.Source == SessionSourceNames.Cookie
        && response.Headers.SetCookie is { Count: > 0 } cookies
        && ResponseCookieReader.TryRead(cookies, definition.Name, clock.GetUtcNow(), out var value)
            ? HasherOf(pool).Of(value)
            : null;

    private SessionHasher HasherOf(FrontendPool pool) => sessions.Of(pool.Definition.Id).Hasher(configuration.Current.Snapshot.Keys);

    private static AffinityFailurePolicy PolicyOf(SessionAffinityConfig config) =>
        string.Equals(config.FailurePolicy, AffinityFailurePolicyNames.Return503Error, StringComparison.OrdinalIgnoreCase)
            ? AffinityFailurePolicy.Return503Error
            : AffinityFailurePolicy.Redistribute;
}
