using System.Globalization;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Http.Routing;

/// <summary>A configuration that YARP has not taken yet routes nothing: whoever sent traffic at once would get 503.</summary>
internal sealed class RoutesReadinessCheck(RoutesInForce routes) : IReadinessCheck
{
    public string Name => "routes";

    public Readiness Check() => routes.Version is > 0 and var version
        ? Readiness.Ready(string.Create(CultureInfo.InvariantCulture, $"version {version} is in force"))
        : Readiness.NotReady("no routes are in force yet");
}
