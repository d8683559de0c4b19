using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>Runs one exchange of slots for each pool that ever had a limit of concurrency, or agents that may say one.</summary>
internal sealed class SlotExchangeLoop(
    FrontendIdentity identity,
    PoolTable pools,
    IClusterLink link,
    ClusterContact contact,
    IAvailableBackends backends,
    SlotMetrics metrics,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<SlotExchangeLoop> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, (SlotExchange Exchange, Task Running)> _exchanges = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _writer = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pools.Changed += Follow;
        pools.HealthChanged += Serve;
        Follow(pools.Current);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        pools.Changed -= Follow;
        pools.HealthChanged -= Serve;
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

    /// <summary>
    /// Those who wait for a backend that is out now go elsewhere at once, and one that is back serves them. An agent may have said another limit.
    /// </summary>
    private void Serve(FrontendPool pool)
    {
        if (pool.Admission.Waiting > 0)
            pool.Admission.Serve();
        if (pool.Definition.Agent is not null && _exchanges.TryGetValue(pool.Definition.Id, out var each))
            each.Exchange.Look();
    }

    private void Follow(FrozenDictionary<string, FrontendPool> current)
    {
        lock (_writer)
        {
            foreach (var (exchange, _) in _exchanges.Values)
                exchange.Look();
            foreach (var pool in current.Values.Where(static pool => pool.Definition.Concurrency is not null))
            {
                var poolId = pool.Definition.Id;
                if (_exchanges.ContainsKey(poolId) || _stop.IsCancellationRequested)
                    continue;
                var exchange = new SlotExchange(poolId, identity, pools, link, contact, backends, metrics, clock, logger);
                _exchanges[poolId] = (exchange, Task.Run(() => exchange.Run(_stop.Token)));
            }
        }
    }
}
