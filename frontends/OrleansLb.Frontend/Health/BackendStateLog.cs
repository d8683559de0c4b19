using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Health;

/// <summary>Says in this front-end's log when a backend is in another state for it: whoever reads one log sees when what the cluster decided arrived there.</summary>
internal sealed partial class BackendStateLog(PoolTable pools, ILogger<BackendStateLog> logger) : IHostedService
{
    private readonly ConcurrentDictionary<BackendKey, BackendState> _states = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pools.Changed += Forget;
        pools.HealthChanged += Note;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        pools.Changed -= Forget;
        pools.HealthChanged -= Note;
        return Task.CompletedTask;
    }

    private void Note(FrontendPool pool)
    {
        foreach (var status in pool.Health.Statuses)
        {
            var before = _states.GetValueOrDefault(status.Key, status.State);
            _states[status.Key] = status.State;
            if (before != status.State && pool.Slots.FirstOrDefault(slot => slot.Definition.Key == status.Key) is { } slot)
                LogChanged(logger, pool.Definition.Id, slot.Definition.Id, before, status.State);
        }
    }

    private void Forget(FrozenDictionary<string, FrontendPool> current)
    {
        var kept = current.Values.SelectMany(static pool => pool.Slots).Select(static slot => slot.Definition.Key).ToHashSet();
        foreach (var gone in _states.Keys.Where(key => !kept.Contains(key)))
            _states.TryRemove(gone, out _);
    }
}
