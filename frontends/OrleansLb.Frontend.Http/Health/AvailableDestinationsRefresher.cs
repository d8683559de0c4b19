using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using OrleansLb.Frontend.Http.Routing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Health;

namespace OrleansLb.Frontend.Http.Health;

/// <summary>Has YARP ask <see cref="ClusterHealthyOrPanicPolicy"/> again whenever its answer may have changed.</summary>
/// <remarks>
/// YARP asks by itself while it takes a configuration. What changes at that moment, after its policy was asked and before its answer is in force, would be
/// lost: so it is asked once more when the configuration is in force, and once when this begins to listen. One after the other for each pool: YARP takes the list of
/// destinations before it waits for its turn, and one that waited across a new configuration would bring the old list back. Whoever finds that another one
/// waits already goes on: that one has not looked yet.
/// </remarks>
internal sealed class AvailableDestinationsRefresher(PoolTable pools, RoutesInForce routes, IProxyStateLookup proxy, IClusterDestinationsUpdater updater) : IHostedService
{
    private readonly ConcurrentDictionary<string, Turn> _turns = new(StringComparer.OrdinalIgnoreCase);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pools.HealthChanged += Refresh;
        routes.Applied += RefreshAll;
        RefreshAll();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        pools.HealthChanged -= Refresh;
        routes.Applied -= RefreshAll;
        return Task.CompletedTask;
    }

    private void RefreshAll()
    {
        foreach (var pool in pools.Current.Values)
            Refresh(pool);
    }

    private void Refresh(FrontendPool pool)
    {
        var turn = _turns.GetOrAdd(pool.Definition.Id, static _ => new Turn());
        if (!turn.TryWait())
            return;
        lock (turn)
        {
            turn.Begin();
            if (proxy.TryGetCluster(pool.Definition.Id, out var cluster))
                updater.UpdateAllDestinations(cluster);
        }
    }

    /// <summary>Of all that want YARP to look again, one looks and one waits.</summary>
    private sealed class Turn
    {
        private int _isAwaited;

        public bool TryWait() => Interlocked.Exchange(ref _isAwaited, 1) == 0;

        public void Begin() => Interlocked.Exchange(ref _isAwaited, 0);
    }
}
