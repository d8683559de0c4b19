using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>The connections to all backends, and what is done about those that are idle for too long.</summary>
internal sealed class ConnectionPools : IDisposable
{
    private readonly ConcurrentDictionary<(string Host, int? Most), ConnectionPool> _pools = [];
    private readonly ConditionalWeakTable<string, BackendTarget> _targets = [];
    private readonly TimeProvider _clock;
    private readonly ForwardingTimes _times;
    private readonly ITimer _sweep;

    public ConnectionPools([FromKeyedServices(Clocks.Key)] TimeProvider clock, ForwardingTimes times)
    {
        (_clock, _times) = (clock, times);
        _sweep = clock.CreateTimer(static pools => ((ConnectionPools)pools!).Sweep(), this, times.Sweep, times.Sweep);
    }

    /// <summary>What an address says. An address is one object for as long as its configuration is in force, so that looking it up is cheap.</summary>
    public BackendTarget Target(string prefix) => _targets.GetValue(prefix, BackendTarget.Parse);

    public ConnectionPool Get(BackendTarget target, int? most)
    {
        while (true)
        {
            var pool = _pools.GetOrAdd((target.Host, most), static (key, pools) => new ConnectionPool(key.Most, pools._clock, pools._times), this);
            if (!pool.IsRetired)
                return pool;
            _pools.TryRemove(new((target.Host, most), pool));
        }
    }

    public int Count(Func<ConnectionPool, int> count) => _pools.Values.Sum(count);

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var pool in _pools.Values)
            pool.Retire();
    }

    private void Sweep()
    {
        foreach (var (key, pool) in _pools)
        {
            pool.Sweep();
            if (pool.IsForgotten)
            {
                pool.Retire();
                _pools.TryRemove(new(key, pool));
            }
        }
    }
}
