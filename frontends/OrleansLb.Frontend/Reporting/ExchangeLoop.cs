using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Reporting;

/// <summary>Runs one exchange for each pool that was ever configured.</summary>
internal sealed class ExchangeLoop(
    FrontendIdentity identity,
    PoolTable pools,
    IClusterLink link,
    ClusterContact contact,
    PoolHealthFollower health,
    ExchangeMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<ExchangeLoop> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, (PoolExchange Exchange, Task Running)> _exchanges = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _writer = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pools.Changed += Follow;
        Follow(pools.Current);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        pools.Changed -= Follow;
        await _stop.CancelAsync();
        await Task.WhenAll(_exchanges.Values.Select(static each => each.Running));
        await Task.WhenAll(_exchanges.Values.Select(each => each.Exchange.Leave(cancellationToken)));
    }

    public void Dispose()
    {
        foreach (var (exchange, _) in _exchanges.Values)
            exchange.Dispose();
        _stop.Dispose();
    }

    private void Follow(FrozenDictionary<string, FrontendPool> current)
    {
        lock (_writer)
        {
            foreach (var (exchange, _) in _exchanges.Values)
                exchange.Look();
            foreach (var poolId in current.Keys)
            {
                if (_exchanges.ContainsKey(poolId) || _stop.IsCancellationRequested)
                    continue;
                var exchange = new PoolExchange(poolId, identity, pools, link, contact, health, metrics, clock, logger);
                _exchanges[poolId] = (exchange, Task.Run(() => exchange.Run(_stop.Token)));
            }
        }
    }
}
