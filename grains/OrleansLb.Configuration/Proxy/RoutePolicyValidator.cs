using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>Refuses routes that name a policy which is not here: served without it they would be open to everybody.</summary>
internal sealed class RoutePolicyValidator(IRoutePolicies policies)
{
    public void Validate(RouteConfig route, Problems problems)
    {
        var path = $"ReverseProxy:Routes:{route.RouteId}";
        if (route.AuthorizationPolicy is { Length: > 0 } authorization && !policies.HasAuthorization(authorization))
            problems.Error($"{path}:{nameof(RouteConfig.AuthorizationPolicy)}", Unknown(authorization, policies.AuthorizationNames, "Authentication"));
        if (route.CorsPolicy is { Length: > 0 } cors && !policies.HasCors(cors))
            problems.Error($"{path}:{nameof(RouteConfig.CorsPolicy)}", Unknown(cors, policies.CorsNames, "Cors"));
    }

    private static string Unknown(string name, IReadOnlyCollection<string> known, string section) => name.Equals("Default", StringComparison.OrdinalIgnoreCase)
        ? $"{Quote.Value(name)} is what OrleansLb:Frontend:{section}:Default names, and it names none"
        : $"unknown policy {Quote.Value(name)}; known: {Quote.Names(known)}";
}
