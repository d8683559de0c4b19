using OrleansLb.Configuration.RateLimits;
using OrleansLb.Configuration.Settings;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>Moves the rate-limit policies that a route names into its metadata, in the order in which it names them.</summary>
internal sealed class RouteLimitCompiler(SettingsNode root, IReadOnlyList<string> policies, Problems problems)
{
    /// <summary>A route's list of policies, below its own section of ours.</summary>
    internal const string Policies = "RateLimiterPolicies";

    private readonly Dictionary<string, string> _policies =
        policies.ToDictionary(static policy => policy, static policy => policy, StringComparer.OrdinalIgnoreCase);

    public RouteConfig Compile(RouteConfig route, string path)
    {
        var list = root.Find($"{path}:OrleansLb:{Policies}");
        var isReserved = route.RateLimiterPolicy is { } single && ReservedPolicyNames.Contains(single);
        var names = new List<string>();
        if (!string.IsNullOrEmpty(route.RateLimiterPolicy) && !isReserved)
            Add(names, route.RateLimiterPolicy, $"{path}:RateLimiterPolicy", ["Default", "Disable", .. _policies.Keys]);
        foreach (var entry in list?.Children ?? [])
            Add(names, entry.Value ?? "", entry.Path, [.. _policies.Keys]);
        if (isReserved && list is not null)
            problems.Error(list.Path, $"goes with no RateLimiterPolicy {Quote.Value(route.RateLimiterPolicy!)}");
        if (names.Count > RouteMetadataKeys.MostRateLimiterPolicies)
            problems.Error(list!.Path, $"makes {names.Count} policies of one route; at most {RouteMetadataKeys.MostRateLimiterPolicies} are allowed");
        return Limited(route, names);
    }

    private void Add(List<string> names, string policy, string path, string[] known)
    {
        if (!_policies.TryGetValue(policy, out var name))
            problems.Error(path, $"unknown policy {Quote.Value(policy)}; known: {Quote.Names(known)}");
        else if (names.Contains(name))
            problems.Error(path, $"names {Quote.Value(name)} again; a request counts once against each policy");
        else
            names.Add(name);
    }

    private static RouteConfig Limited(RouteConfig route, List<string> names)
    {
        var limited = route;
        for (var index = 0; index < names.Count && index < RouteMetadataKeys.MostRateLimiterPolicies; index++)
            limited = RouteCompiler.With(limited, RouteMetadataKeys.RateLimiterPolicies[index], names[index]) with { RateLimiterPolicy = null };
        return limited;
    }
}
