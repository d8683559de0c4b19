using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Pools;
using OrleansLb.Probes;
using OrleansLb.Probes.Agents;

namespace OrleansLb.Frontend.Health;

/// <summary>
/// Watches one pool from this front-end alone, with the machines that the cluster uses, going on from what the cluster last said.
/// Nothing of it outlives the cluster's return.
/// </summary>
internal sealed class LocalPoolMonitor
{
    private static readonly TimeSpan JudgePeriod = TimeSpan.FromMilliseconds(100);

    private readonly PoolTable _pools;
    private readonly string _poolId;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Dictionary<BackendKey, HealthRunner> _runners = [];
    private readonly List<AgentRunner> _agents = [];
    private readonly LocalOutcomes _outcomes;
    private readonly OutlierMachine _outliers = new();
    private readonly CircuitMachine _circuits = new(0);
    private readonly bool _isJudging;
    private readonly Action<OutlierChange> _outlierChanged;
    private readonly Action<CircuitChange> _circuitChanged;
    private readonly EligibleTimes _eligible = new();
    private PoolEligibilityState _state;

    /// <param name="pools">Where what is found is published.</param>
    /// <param name="pool">The pool, as the cluster last saw it.</param>
    /// <param name="prober">Runs the probes of a pool with active checks.</param>
    /// <param name="agents">Asks the agents of a pool that has them.</param>
    /// <param name="outlierChanged">Told of each ejection and return.</param>
    /// <param name="circuitChanged">Told of each circuit that is broken or mended.</param>
    /// <param name="clock">The product's clock.</param>
    public LocalPoolMonitor(
        PoolTable pools,
        FrontendPool pool,
        Prober prober,
        AgentClient agents,
        Action<OutlierChange> outlierChanged,
        Action<CircuitChange> circuitChanged,
        TimeProvider clock)
    {
        (_pools, _poolId, _clock, _outlierChanged, _circuitChanged) = (pools, pool.Definition.Id, clock, outlierChanged, circuitChanged);
        _isJudging = pool.Definition is { Outlier: not null } or { Circuit: not null };
        _outcomes = new LocalOutcomes(pool, Now);
        _outliers.Configure(pool.Definition, _outcomes.Counted, Now);
        _circuits.Configure(pool.Definition, _outcomes.Counted, Now);
        _state = Resume(pool);
        if (pool.Definition.ActiveHealth is { } settings)
            AddRunners(pool, settings, prober);
        if (pool.Definition.Agent is { } agent)
            AddAgents(pool, agent, agents);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>Whether there is anything to watch in a pool.</summary>
    public static bool IsOf(FrontendPool pool) => pool.Definition is { ActiveHealth: not null } or { Outlier: not null } or { Circuit: not null } or { Agent: not null };

    /// <summary>Probes, asks agents, and judges by outcomes until it is told to stop.</summary>
    public Task Run(CancellationToken stop) => Task.WhenAll(
    [
        .. _runners.Values.Select(runner => Task.Run(() => runner.Run(stop), CancellationToken.None)),
        .. _agents.Select(agent => Task.Run(() => agent.Run(stop), CancellationToken.None)),
        _isJudging ? Judge(stop) : Task.CompletedTask,
    ]);

    /// <summary>A connection to a backend was refused.</summary>
    public void Suspect(BackendKey key)
    {
        if (_runners.TryGetValue(key, out var runner))
            runner.Suspect();
    }

    /// <summary>Gives out the trial of a half-open circuit, as the pool does.</summary>
    public long BeginTrial(BackendKey key)
    {
        lock (_gate)
            return _circuits.BeginTrial(key, Now);
    }

    /// <summary>Takes what came of it.</summary>
    public void EndTrial(BackendKey key, long trial, TrialOutcome outcome)
    {
        lock (_gate)
        {
            if (_circuits.EndTrial(key, trial, outcome, _outcomes.Counted, Now) is { } change)
                Adopt(change);
        }
    }

    private void AddRunners(FrontendPool pool, ActiveHealthDefinition settings, Prober prober)
    {
        foreach (var slot in pool.Slots)
        {
            var backend = slot.Definition;
            var held = _state.Members.First(member => member.Key == backend.Key).Verdict;
            _runners[backend.Key] = new HealthRunner(
                held, ProbePlan.Of(backend, settings), prober, new LocalWitness(slot, _clock), step => Observe(backend.Key, step), _clock, Random.Shared);
        }
    }

    private void AddAgents(FrontendPool pool, AgentDefinition agent, AgentClient client)
    {
        foreach (var backend in pool.Slots.Select(static slot => slot.Definition))
        {
            if (AgentTarget.Of(backend, agent) is { } target)
                _agents.Add(new AgentRunner(target, client, answer => Observe(backend.Key, answer), _clock, Random.Shared));
        }
    }

    private PoolEligibilityState Resume(FrontendPool pool)
    {
        var known = pool.Health.Eligibility;
        var state = PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(known.Version), pool.Definition).Next;
        if (!pool.Health.IsInformed)
            return state;
        state = PoolEligibilityMachine.Recall(
            state,
            known.Backends.Select(status => (
                // What an agent said ends with the agents of its pool: nobody would ever take it back.
                status with { Agent = pool.Definition.Agent is null ? default : status.Agent, Circuit = _circuits.Resume(status.Key, status.Circuit, Now) },
                _outliers.Resume(status.Key, status.ImpliedOutlier, Now))),
            TimeSpan.Zero).Next;

        _eligible.Observe(state.Published, Now);
        foreach (var status in known.Backends)
        {
            if (status.EligibleSince is { } since)
                _eligible.Restore(status.Key, since);
        }

        return state;
    }

    private void Observe(BackendKey key, HealthStep step)
    {
        lock (_gate)
            Adopt(PoolEligibilityMachine.SetVerdict(_state, key, step.Next.Verdict, Now));
    }

    private void Observe(BackendKey key, AgentAnswer answer)
    {
        lock (_gate)
        {
            var held = _state.Members.First(member => member.Key == key).Agent;
            if (answer.IsAnswered)
                Adopt(PoolEligibilityMachine.SetAgent(_state, key, held.After(answer.Reply)));
        }
    }

    private async Task Judge(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            lock (_gate)
            {
                _outcomes.Refresh(Now);
                foreach (var change in _outliers.Judge(_outcomes.Counted, _state, Now))
                {
                    Adopt(PoolEligibilityMachine.SetOutlier(_state, change.Key, change.Verdict));
                    _outlierChanged(change);
                }

                foreach (var change in _circuits.Judge(_outcomes.Counted, Now))
                    Adopt(change);
            }

            await Task.Delay(JudgePeriod, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Adopt(in CircuitChange change)
    {
        Adopt(PoolEligibilityMachine.SetCircuit(_state, change.Key, change.State));
        _circuitChanged(change);
    }

    private void Adopt(PoolEligibilityStep step)
    {
        _state = step.Next;
        if (step.Delta is null)
            return;
        _eligible.Observe(step.Next.Published, Now);
        _pools.ChangeHealth(_poolId, _ => new PoolHealthView(PoolHealthView.LocalEpoch, _eligible.Stamp(step.Next.Published), []));
    }
}
