using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Pools;
using OrleansLb.Probes;
using OrleansLb.Probes.Agents;

namespace OrleansLb.Frontend.Health;

/// <summary>Probes the backends from here while no silo answers. What it finds is thrown away when the cluster is back.</summary>
internal sealed partial class LocalProbing : BackgroundService
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(250);

    private readonly PoolTable _pools;
    private readonly ClusterContact _contact;
    private readonly Prober _prober;
    private readonly AgentClient _agents;
    private readonly TimeProvider _clock;
    private readonly ILogger<LocalProbing> _logger;
    private FrozenDictionary<string, LocalPoolMonitor> _monitors = FrozenDictionary<string, LocalPoolMonitor>.Empty;

    public LocalProbing(
        PoolTable pools,
        ClusterContact contact,
        BackendSuspicions suspicions,
        Prober prober,
        AgentClient agents,
        [FromKeyedServices(Clocks.Key)] TimeProvider clock,
        ILogger<LocalProbing> logger)
    {
        (_pools, _contact, _prober, _agents, _clock, _logger) = (pools, contact, prober, agents, clock, logger);
        suspicions.Raised += Suspect;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_contact.IsLost)
                await ProbeWhileLost(stoppingToken);
            await Task.Delay(CheckPeriod, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends when the cluster is back, or when a configuration was applied and everything has to be set up anew.</summary>
    private async Task ProbeWhileLost(CancellationToken stoppingToken)
    {
        var served = _pools.Current;
        _monitors = served.Values.Where(LocalPoolMonitor.IsOf).ToFrozenDictionary(
            static pool => pool.Definition.Id,
            pool => new LocalPoolMonitor(_pools, pool, _prober, _agents, change => Log(pool, change), change => Log(pool, change), _clock));
        LogBegan(_logger, _monitors.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var probing = Task.WhenAll(_monitors.Values.Select(monitor => monitor.Run(stop.Token)));
        while (_contact.IsLost && ReferenceEquals(served, _pools.Current) && !stop.IsCancellationRequested)
            await Task.Delay(CheckPeriod, _clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stop.CancelAsync();
        _monitors = FrozenDictionary<string, LocalPoolMonitor>.Empty;
        await probing;
        LogEnded(_logger);
    }

    /// <summary>Gives out the trial of a half-open circuit while no silo answers; 0 for none.</summary>
    public long BeginTrial(string poolId, BackendKey key) => _monitors.TryGetValue(poolId, out var monitor) ? monitor.BeginTrial(key) : 0;

    /// <summary>Takes what came of it, unless the cluster is back.</summary>
    public void EndTrial(string poolId, BackendKey key, long trial, TrialOutcome outcome)
    {
        if (_monitors.TryGetValue(poolId, out var monitor))
            monitor.EndTrial(key, trial, outcome);
    }

    private void Log(FrontendPool pool, in CircuitChange change) => LogCircuit(_logger, pool.Definition.Id, IdOf(pool, change.Key), change.State, change.Evidence);

    private static string IdOf(FrontendPool pool, BackendKey key) => pool.Slots.FirstOrDefault(slot => slot.Definition.Key == key)?.Definition.Id ?? key.ToString();

    private void Log(FrontendPool pool, in OutlierChange change)
    {
        var backendId = IdOf(pool, change.Key);
        if (change is { Kind: OutlierChangeKind.Ejected, Verdict.Ejection: { } ejection })
            LogEjected(_logger, pool.Definition.Id, backendId, ejection.Until - _clock.GetElapsedTime(0), change.Evidence.InWords());
        else
            LogOutlier(_logger, pool.Definition.Id, backendId, change.Kind);
    }

    private void Suspect(string poolId, BackendKey key)
    {
        if (_monitors.TryGetValue(poolId, out var monitor))
            monitor.Suspect(key);
    }
}
