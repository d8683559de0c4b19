using System.Globalization;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>A port in a route's host that is no port would fail when the first request builds the route table, for all routes.</summary>
internal static class RouteHostValidator
{
    private const int LastPort = 65_535;

    public static void Validate(RouteConfig route, string path, Problems problems)
    {
        for (var index = 0; index < route.Match.Hosts?.Count; index++)
            if (route.Match.Hosts[index] is { } host && !HasPlausiblePort(host))
                problems.Error($"{path}:Match:Hosts:{index}", $"{Quote.Value(host)} does not end in a port from 1 to {LastPort} or in :*");
    }

    private static bool HasPlausiblePort(string host)
    {
        var colon = host.LastIndexOf(':');
        if (colon < 0 || host.EndsWith(']'))
            return true;
        var port = host.AsSpan(colon + 1);
        return port is "*"
            || (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= LastPort);
    }
}
