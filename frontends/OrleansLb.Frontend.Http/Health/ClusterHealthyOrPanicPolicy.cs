using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Health;

/// <summary>
/// YARP's available destinations are those that the cluster lets take new traffic, less those that refused this front-end a moment ago and those
/// that checks of YARP's own, where the file has some, hold unhealthy.
/// </summary>
internal sealed class ClusterHealthyOrPanicPolicy(PoolTable pools, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : IAvailableDestinationsPolicy
{
    public string Name => AvailableDestinationsPolicyNames.ClusterHealthyOrPanic;

    public IReadOnlyList<DestinationState> GetAvailalableDestinations(ClusterConfig config, IReadOnlyList<DestinationState> allDestinations)
    {
        if (!pools.Current.TryGetValue(config.ClusterId, out var pool))
            return allDestinations;

        var health = pool.Health;
        var now = clock.GetElapsedTime(0);
        var eligible = allDestinations.Where(destination => pool.IndexById.TryGetValue(destination.DestinationId, out var index) && health.TakesNew(index)).ToArray();
        var healthy = OrAll(eligible, destination => !IsUnhealthyToYarp(config, destination));

        // A hold is a guess about the next second; with nothing else to choose from the guess is not worth a failed request.
        return OrAll(healthy, destination => !pool.Holds.IsHeld(pool.IndexById[destination.DestinationId], now));
    }

    private static DestinationState[] OrAll(DestinationState[] destinations, Func<DestinationState, bool> condition) =>
        destinations.Where(condition).ToArray() is { Length: > 0 } some ? some : destinations;

    private static bool IsUnhealthyToYarp(ClusterConfig config, DestinationState destination) =>
        (config.HealthCheck?.Active?.Enabled is true && destination.Health.Active == DestinationHealth.Unhealthy)
        || (config.HealthCheck?.Passive?.Enabled is true && destination.Health.Passive == DestinationHealth.Unhealthy);
}
