using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>The limits of routes that name several: all must admit, and none is charged when another refuses.</summary>
internal sealed class SeveralLimits(RateLimiterTable limiters, RateLimitMetrics metrics)
{
    private readonly ObjectPool<LimitRound> _unused = new DefaultObjectPool<LimitRound>(new DefaultPooledObjectPolicy<LimitRound>());

    public ValueTask<StrictestLimit> Decide(HttpContext context, string routeId, IReadOnlyDictionary<string, string> metadata)
    {
        var round = _unused.Get();
        if (!TryAsk(round, context, routeId, metadata))
        {
            _unused.Return(round);
            return new(new StrictestLimit(null, new LimitOutcome(LimitVerdict.Unavailable, TimeSpan.Zero)));
        }

        if (!round.TryDecideAtOnce())
            return new(DecideLater(round, context.RequestAborted));
        return new(Conclude(round));
    }

    private async Task<StrictestLimit> DecideLater(LimitRound round, CancellationToken aborted)
    {
        await round.AskTheCluster(aborted);
        return Conclude(round);
    }

    /// <summary>Releases what a request held that has ended.</summary>
    public void Release(LimitRound round)
    {
        round.Release();
        _unused.Return(round);
    }

    private StrictestLimit Conclude(LimitRound round)
    {
        var decision = round.Conclude(metrics);
        if (round.HoldsSlots)
            return decision with { Held = round };
        _unused.Return(round);
        return decision;
    }

    private bool TryAsk(LimitRound round, HttpContext context, string routeId, IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var key in RouteMetadataKeys.RateLimiterPolicies)
        {
            if (!metadata.TryGetValue(key, out var name))
                break;
            if (limiters.Find(name) is not { } limiter)
                return false;
            if (limiter.Policy.Exempt.Contains(context.Connection.RemoteIpAddress))
                metrics.Decided(limiter.Policy.PublicName, new LimitOutcome(LimitVerdict.Exempt, TimeSpan.Zero));
            else
                round.Add(CountedLimit.Of(limiters, limiter, context, routeId));
        }

        return true;
    }
}
