using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Health;

/// <summary>What the pool says of its backends, by the shipped machines. Its monitors are no more than the time that they take.</summary>
internal sealed class SimulatedHealth
{
    private static readonly HealthVerdict Up = new(BackendState.Up, Waiting: false, Confirmed: false, Unreachable: false);
    private static readonly HealthVerdict Down = new(BackendState.Down, Waiting: false, Confirmed: true, Unreachable: true);

    private readonly IReadOnlyList<BackendKey> _keys;
    private readonly EligibleTimes _times = new();
    private PoolEligibilityState _state;

    public SimulatedHealth(Scenario scenario, IReadOnlyList<BackendKey> keys)
    {
        _keys = keys;
        _state = PoolEligibilityMachine.Configure(PoolEligibilityMachine.Start(1), Define(scenario, keys)).Next;
        for (var backend = 0; backend < keys.Count; backend++)
            _state = PoolEligibilityMachine.SetVerdict(_state, keys[backend], Up, TimeSpan.Zero).Next;
        Observe(TimeSpan.Zero);
    }

    /// <summary>What holds now.</summary>
    public PoolEligibility Published { get; private set; } = new(0, [], false);

    /// <summary>Takes a monitor's word in.</summary>
    /// <returns>Whether there is something to tell.</returns>
    public bool Judge(int backend, bool isUp, TimeSpan now)
    {
        var step = PoolEligibilityMachine.SetVerdict(_state, _keys[backend], isUp ? Up : Down, now);
        _state = step.Next;
        Observe(now);
        return step.Delta is not null;
    }

    /// <summary>Whether a backend takes new requests; when the pool panics, it may although it is down.</summary>
    public bool TakesNew(int backend) => Published.TryGet(_keys[backend], out var status) && status.TakesNew;

    private void Observe(TimeSpan now)
    {
        _times.Observe(_state.Published, now);
        Published = _times.Stamp(_state.Published);
    }

    private static PoolDefinition Define(Scenario scenario, IReadOnlyList<BackendKey> keys)
    {
        var nowhere = new Uri("http://backend/");
        return new PoolDefinition
        {
            Id = "pool",
            ActiveHealth = new ActiveHealthDefinition(),
            Backends = [.. keys.Select((key, i) => new BackendDefinition($"b{i}", nowhere, nowhere, null, (int)Math.Max(1, scenario.Backends[i].Weight), 1, key))],
        };
    }
}
