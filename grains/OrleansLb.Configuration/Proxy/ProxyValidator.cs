using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration.Timeouts;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Proxy;

/// <summary>
/// YARP's own checks, each message at the key that it is about. Names of policies (YARP would only know the ones registered in
/// this process) and addresses have checks of their own, so they are taken out of what it sees.
/// </summary>
internal sealed class ProxyValidator : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly IConfigValidator _validator;
    private readonly RouteConstraintValidator _constraints;

    public ProxyValidator()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddReverseProxy();
        _services = services.BuildServiceProvider();
        _validator = _services.GetRequiredService<IConfigValidator>();
        _constraints = new RouteConstraintValidator(_services.GetRequiredService<ParameterPolicyFactory>());
    }

    public void Validate(RouteConfig route, Problems problems)
    {
        var path = $"ReverseProxy:Routes:{route.RouteId}";
        var timeout = TimeoutReader.IsNone(route.TimeoutPolicy) ? route.TimeoutPolicy : null;
        foreach (var error in Errors(route with { Transforms = null, RateLimiterPolicy = null, AuthorizationPolicy = null, CorsPolicy = null, TimeoutPolicy = timeout }))
            problems.Error(ProxyErrorPaths.OfRoute(path, error.Message), error.Message);
        for (var index = 0; index < route.Transforms?.Count; index++)
            foreach (var error in TransformErrors(route, index))
                problems.Error($"{path}:Transforms:{index}", error.Message);
        _constraints.Validate(route, path, problems);
        RouteHostValidator.Validate(route, path, problems);
    }

    public void Validate(ClusterConfig cluster, Problems problems)
    {
        var path = $"ReverseProxy:Clusters:{cluster.ClusterId}";
        foreach (var error in Errors(WithoutOurs(cluster)))
            problems.Error(ProxyErrorPaths.OfCluster(path, error.Message), error.Message);
    }

    public void Dispose() => _services.Dispose();

    private IList<Exception> TransformErrors(RouteConfig route, int index) => Errors(new RouteConfig
    {
        RouteId = route.RouteId,
        Match = new RouteMatch { Path = "/" },
        Transforms = [route.Transforms![index]],
    });

    private IList<Exception> Errors(RouteConfig route) => Caught(() => _validator.ValidateRouteAsync(route));

    private IList<Exception> Errors(ClusterConfig cluster) => Caught(() => _validator.ValidateClusterAsync(cluster));

    /// <summary>A check of YARP's that throws instead of reporting (a transform without its value) is a report all the same.</summary>
    private static IList<Exception> Caught(Func<ValueTask<IList<Exception>>> validate)
    {
        try
        {
            // Completes at once: nothing that this container registers waits for anything.
            return validate().AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            return [exception];
        }
    }

    private static ClusterConfig WithoutOurs(ClusterConfig cluster) => cluster with
    {
        LoadBalancingPolicy = null,
        Destinations = null,
        SessionAffinity = cluster.SessionAffinity is { } affinity ? affinity with { Policy = null, FailurePolicy = null } : null,
        HealthCheck = cluster.HealthCheck is { } health
            ? health with
            {
                AvailableDestinationsPolicy = null,
                Active = health.Active is { } active ? active with { Policy = null } : null,
                Passive = health.Passive is { } passive ? passive with { Policy = null } : null,
            }
            : null,
    };
}
