using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Pools;
using OrleansLb.Probes;

namespace OrleansLb.Frontend.Health;

/// <summary>
/// Watches one pool from this front-end alone, with the machines that the cluster uses, going on from what the cluster last said.
/// Nothing of it outlives the cluster's return.
/// </summary>
internal sealed class LocalPoolMonitor
{
    private readonly PoolTable _pools;
    private readonly string _poolId;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Dictionary<BackendKey, HealthRunner> _runners = [];
    private PoolEligibilityState _state;

    public LocalPoolMonitor(PoolTable pools, FrontendPool pool, ActiveHealthDefinition settings, Prober prober, TimeProvider clock)
    {
        (_pools, _poolId, _clock) = (pools, pool.Definition.Id, clock);
        _state = Resume(pool);
        foreach (var slot in pool.Slots)
        {
            var backend = slot.Definition;
            var held = _state.Members.First(member => member.Key == backend.Key).Verdict;
            _runners[backend.Key] = new HealthRunner(
                held, ProbePlan.Of(backend, settings), prober, new LocalWitness(slot, clock), step => Observe(backend.Key, step), clock, Random.Shared);
        }
    }

    /// <summary>Probes until it is told to stop.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(_runners.Values.Select(runner => Task.Run(() => runner.Run(stop), CancellationToken.None)));

    /// <summary>A connection to a backend was refused.</summary>
    public void Suspect(BackendKey key)
    {
        if (_runners.TryGetValue(key, out var runner))
            runner.Suspect();
    }

    private static PoolEligibilityState Resume(FrontendPool pool)
    {
        var known = pool.Health.Eligibility;
        var state = PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(known.Version), pool.Definition).Next;
        if (!pool.Health.IsInformed)
            return state;
        foreach (var status in known.Backends)
        {
            state = PoolEligibilityMachine.SetVerdict(state, status.Key, status.ImpliedVerdict, TimeSpan.Zero).Next;
            state = PoolEligibilityMachine.SetAdmin(state, status.Key, status.ImpliedAdmin).Next;
        }

        return state;
    }

    private void Observe(BackendKey key, HealthStep step)
    {
        lock (_gate)
        {
            var next = PoolEligibilityMachine.SetVerdict(_state, key, step.Next.Verdict, _clock.GetElapsedTime(0));
            _state = next.Next;
            if (next.Delta is not null)
                _pools.ChangeHealth(_poolId, _ => new PoolHealthView(PoolHealthView.LocalEpoch, next.Next.Published, []));
        }
    }
}
