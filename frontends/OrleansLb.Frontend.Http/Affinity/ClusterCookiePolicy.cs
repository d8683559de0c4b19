using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Affinity;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Sessions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.SessionAffinity;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>
/// Session affinity by a cookie that every front-end opens, and whose session every front-end moves to the same successor. A cookie that
/// cannot be used is treated as no cookie, whatever the failure policy: a forger is to learn nothing from the answer.
/// </summary>
internal sealed class ClusterCookiePolicy(
    PoolTable pools,
    AffinityCodecs codecs,
    AffinityMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock) : ISessionAffinityPolicy, ISessionSuccessor
{
    // A browser sends one, two while paths or domains change; more are somebody's attempt at work for nothing.
    private const int MaxCookies = 4;

    public string Name => SessionAffinityPolicyNames.ClusterCookie;

    public AffinityResult FindAffinitizedDestinations(
        HttpContext context,
        ClusterState cluster,
        SessionAffinityConfig config,
        IReadOnlyList<DestinationState> destinations)
    {
        if (!pools.Current.TryGetValue(cluster.ClusterId, out var pool))
            return new AffinityResult(null, AffinityStatus.AffinityKeyNotSet);
        var opening = Open(context, config, pool);
        var decision = Decide(opening, config, pool, []);
        metrics.Decided(decision.Outcome);
        context.Features.Set(new AffinityFeature(pool, opening, decision));
        return decision.Outcome switch
        {
            AffinityOutcome.Keep or AffinityOutcome.Move when Destination(cluster, pool, decision) is { } destination =>
                new AffinityResult(destination, AffinityStatus.OK),
            AffinityOutcome.Refuse => new AffinityResult(null, AffinityStatus.DestinationNotFound),
            AffinityOutcome.RefuseAndForget => Forget(context, config),
            _ => new AffinityResult(null, AffinityStatus.AffinityKeyNotSet),
        };
    }

    public bool TryFind(HttpContext context, IReadOnlyList<DestinationState> tried, out DestinationState? successor)
    {
        successor = null;
        var proxy = context.GetReverseProxyFeature();
        // The pool as it is by now: what a request waited for on its way here may be why it goes elsewhere.
        if (context.Features.Get<AffinityFeature>() is not { Opening.IsGood: true } session
            || !pools.Current.TryGetValue(session.Pool.Definition.Id, out var pool))
            return false;
        Span<int> left = stackalloc int[tried.Count];
        for (var i = 0; i < left.Length; i++)
            left[i] = pool.IndexById.GetValueOrDefault(tried[i].DestinationId, -1);
        var decision = Decide(session.Opening, proxy.Cluster.Config.SessionAffinity!, pool, left);
        if (decision.Outcome is AffinityOutcome.Refuse or AffinityOutcome.RefuseAndForget)
            return true;
        successor = decision.Backend < 0 ? null : Destination(proxy.Route.Cluster!, pool, decision);
        return successor is not null;
    }

    public void AffinitizeResponse(HttpContext context, ClusterState cluster, SessionAffinityConfig config, DestinationState destination)
    {
        // A response that we made up ourselves says nothing about the backend.
        if (context.Features.Get<AffinityFeature>() is not { } session || context.Features.Get<IForwarderErrorFeature>() is not null)
            return;
        if (!session.Pool.IndexById.TryGetValue(destination.DestinationId, out var index))
            return;
        var backend = session.Pool.Definition.Backends[index];
        var now = clock.GetUtcNow();
        var cookie = session.Opening.Cookie;
        if (!session.Opening.IsGood)
            Send(context, config, NewSession(session.Pool.Definition.Id, backend.Id, backend.Generation, now.ToUnixTimeSeconds()), now);
        else if (cookie.BackendId != backend.Id || cookie.Generation != backend.Generation)
            Send(context, config, cookie.MovedTo(backend.Id, backend.Generation, now.ToUnixTimeSeconds()), now);
        else if (session.Decision.SendCookie)
            Send(context, config, cookie.SeenAt(now.ToUnixTimeSeconds()), now);
    }

    private AffinityOpening Open(HttpContext context, SessionAffinityConfig config, FrontendPool pool)
    {
        var headers = context.Request.Headers;
        var (codec, lifetime, now) = (codecs.Current, AffinityCookieOptions.LifetimeOf(config), clock.GetUtcNow().ToUnixTimeSeconds());
        var opening = AffinityOpening.Rejected(AffinityRejection.Absent);
        var cookies = new RequestCookieReader(headers.Cookie, config.AffinityKeyName);
        var count = 0;
        while (count < MaxCookies && !opening.IsGood && cookies.MoveNext())
        {
            count++;
            opening = codec.Open(cookies.Value, Scope(context, config), pool.Definition, lifetime, now);
            if (!opening.IsGood)
                metrics.Rejected(opening.Rejection);
        }

        // The backend is not shown what names it, nor what else the client sends under that name.
        if (count > 0)
            headers.Cookie = RequestCookieReader.Without(headers.Cookie, config.AffinityKeyName);
        return opening;
    }

    private AffinityDecision Decide(in AffinityOpening opening, SessionAffinityConfig config, FrontendPool pool, ReadOnlySpan<int> tried)
    {
        var now = clock.GetElapsedTime(0);
        var view = pool.ViewSessions(now, tried);
        return AffinityMachine.Decide(opening, view, PolicyOf(config), AffinityCookieOptions.LifetimeOf(config), clock.GetUtcNow().ToUnixTimeSeconds());
    }

    private AffinityResult Forget(HttpContext context, SessionAffinityConfig config)
    {
        context.Response.Cookies.Delete(config.AffinityKeyName, AffinityCookieOptions.Create(config, context.Request.IsHttps, TimeSpan.Zero, clock.GetUtcNow()));
        return new AffinityResult(null, AffinityStatus.DestinationNotFound);
    }

    private void Send(HttpContext context, SessionAffinityConfig config, in AffinityCookie cookie, DateTimeOffset now)
    {
        Span<byte> nonce = stackalloc byte[AffinityCookieCodec.NonceLength];
        RandomNumberGenerator.Fill(nonce);
        if (codecs.Current.Seal(cookie, Scope(context, config), nonce) is not { } text)
            return;
        var age = TimeSpan.FromSeconds(cookie.LastSeen - cookie.Issued);
        context.Response.Cookies.Append(config.AffinityKeyName, text, AffinityCookieOptions.Create(config, context.Request.IsHttps, age, now));
    }

    private static AffinityCookie NewSession(string poolId, string backendId, int generation, long now)
    {
        Span<byte> session = stackalloc byte[16];
        RandomNumberGenerator.Fill(session);
        return new AffinityCookie(poolId, backendId, generation, 0, now, now, System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(session));
    }

    // YARP's own list and not the available ones: a draining backend keeps its sessions but is no longer available to others.
    private static DestinationState? Destination(ClusterState cluster, FrontendPool pool, in AffinityDecision decision) =>
        cluster.Destinations.GetValueOrDefault(pool.Definition.Backends[decision.Backend].Id);

    private static AffinityScope Scope(HttpContext context, SessionAffinityConfig config) =>
        new(config.Cookie?.Domain ?? context.Request.Host.Value, config.Cookie?.Path ?? AffinityCookieOptions.DefaultPath);

    private static AffinityFailurePolicy PolicyOf(SessionAffinityConfig config) =>
        string.Equals(config.FailurePolicy, AffinityFailurePolicyNames.Return503Error, StringComparison.OrdinalIgnoreCase)
            ? AffinityFailurePolicy.Return503Error
            : AffinityFailurePolicy.Redistribute;
}
