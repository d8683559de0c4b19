using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Frontend.Circuits;
using OrleansLb.Frontend.Http.Affinity;
using OrleansLb.Frontend.Http.Circuits;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.Variants;

/// <summary>
/// Where several parts of a divided route match a request, leaves one of them: the one it asks for, the one its client had, or the one whose turn it is; and the one that stands in where that one
/// has nobody to serve it. Everything after routing sees a route like any other.
/// </summary>
internal sealed class VariantSelector(FrontendIdentity identity, PoolTable pools, CircuitTrials trials, VariantMetrics metrics) : MatcherPolicy, IEndpointSelectorPolicy
{
    // A part is remembered as long as its endpoint lives, which ends with the next configuration.
    private readonly ConditionalWeakTable<Endpoint, RoutePart> _parts = [];
    private readonly ConcurrentDictionary<string, DividedRoute> _routes = new(StringComparer.Ordinal);

    /// <summary>After everything that says whether a route matches.</summary>
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(static endpoint => RoutePart.Of(endpoint) is not null);

    public async Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        if (FirstPart(candidates) is not { } first)
            return;
        var parts = PartsOf(candidates, first.Variant.Group);
        var choice = await StandIn(httpContext, Choose(httpContext.Request, parts), parts);
        httpContext.Features.Set(choice);
        metrics.Chosen(choice);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && PartOf(candidates[i].Endpoint) is { } part && part.Variant.Group == first.Variant.Group && !ReferenceEquals(part.Route, choice.Part.Route))
                candidates.SetValidity(i, false);
        }
    }

    /// <summary>The part that is matched best, unless another route is matched better.</summary>
    private RoutePart? FirstPart(CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i))
                return PartOf(candidates[i].Endpoint);
        }

        return null;
    }

    private RoutePart[] PartsOf(CandidateSet candidates, string group)
    {
        var parts = new List<RoutePart>(candidates.Count);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && PartOf(candidates[i].Endpoint) is { } part && part.Variant.Group == group)
                parts.Add(part);
        }

        return [.. parts];
    }

    private RoutePart? PartOf(Endpoint endpoint)
    {
        if (_parts.TryGetValue(endpoint, out var known))
            return known;
        if (RoutePart.Of(endpoint) is not { } part)
            return null;
        _parts.AddOrUpdate(endpoint, part);
        return part;
    }

    private VariantChoice Choose(HttpRequest request, RoutePart[] parts)
    {
        var rules = parts[0].Variant;
        if (rules.Header.Length > 0 && Named(parts, request.Headers[rules.Header].ToString(), fewest: 0) is { } asked)
            return new VariantChoice(asked, VariantReason.Header);
        if (rules.Cookie.Length > 0 && Known(request, rules.Cookie, parts) is { } had)
            return new VariantChoice(had, VariantReason.Cookie);
        var next = RouteOf(parts).Next();
        return new VariantChoice(Array.Find(parts, part => part.Variant.Name == next)!, VariantReason.Weight);
    }

    /// <summary>A part that has no new clients keeps none either: a variant is taken back by giving it no weight.</summary>
    private static RoutePart? Known(HttpRequest request, string cookie, RoutePart[] parts)
    {
        var reader = new RequestCookieReader(request.Headers.Cookie, cookie);
        while (reader.MoveNext())
        {
            // It was written as a value of a cookie has to be.
            var value = reader.Value.Contains('%') ? Uri.UnescapeDataString(reader.Value) : reader.Value;
            if (Named(parts, value, fewest: 1) is { } part)
                return part;
        }

        return null;
    }

    private static RoutePart? Named(RoutePart[] parts, ReadOnlySpan<char> name, int fewest)
    {
        foreach (var part in parts)
        {
            if (!part.Variant.IsFailover && part.Variant.Weight >= fewest && name.Equals(part.Variant.Name, StringComparison.OrdinalIgnoreCase))
                return part;
        }

        return null;
    }

    private DividedRoute RouteOf(RoutePart[] parts)
    {
        var group = parts[0].Variant.Group;
        return _routes.TryGetValue(group, out var known) && known.IsOf(parts) ? known : _routes[group] = new DividedRoute(identity.Id, parts);
    }

    /// <summary>Leaves the part as it is if it is served, if nobody stands in for it, or if the request is the trial of one of its broken circuits.</summary>
    private async ValueTask<VariantChoice> StandIn(HttpContext context, VariantChoice choice, RoutePart[] parts)
    {
        if (choice.Part.IsServed || Array.Find(parts, static part => part.Variant.IsFailover) is not { IsServed: true } backup)
            return choice;
        if (pools.Current.TryGetValue(choice.Part.Variant.Name, out var pool))
        {
            foreach (var index in pool.Health.OnTrial)
            {
                if (await trials.Begin(pool, index) is not { } ticket)
                    continue;
                context.Features.Set(new GivenTrial(index, ticket));
                // Whatever refuses the request on its way.
                context.Response.OnCompleted(static state =>
                {
                    ((CircuitTicket)state).End(TrialOutcome.Abandoned);
                    return Task.CompletedTask;
                }, ticket);
                return choice;
            }
        }

        return new VariantChoice(backup, VariantReason.Failover);
    }
}
