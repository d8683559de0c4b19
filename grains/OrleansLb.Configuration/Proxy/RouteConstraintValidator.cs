using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>
/// Makes every constraint of a route's path once. YARP only parses the path; a constraint that does not exist, or a regular
/// expression that does not compile, would fail when the first request builds the route table, for all routes.
/// </summary>
internal sealed class RouteConstraintValidator(ParameterPolicyFactory factory)
{
    public void Validate(RouteConfig route, string path, Problems problems)
    {
        // An unparsable path is reported by YARP's own check.
        if (route.Match.Path?.Contains(':') != true || Parse(route.Match.Path) is not { } pattern)
            return;
        foreach (var (parameter, policies) in pattern.ParameterPolicies)
            foreach (var policy in policies)
                if (Fault(pattern.GetParameter(parameter), policy) is { } fault)
                    problems.Error($"{path}:Match:Path", $"constraint of {{{parameter}}}: {fault}");
    }

    private static RoutePattern? Parse(string path)
    {
        try
        {
            return RoutePatternFactory.Parse(path);
        }
        catch (RoutePatternException)
        {
            return null;
        }
    }

    private string? Fault(RoutePatternParameterPart? parameter, RoutePatternParameterPolicyReference policy)
    {
        try
        {
            factory.Create(parameter, policy);
            return null;
        }
        catch (Exception exception)
        {
            return exception.InnerException?.Message ?? exception.Message;
        }
    }
}
