using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Snapshots;
using BackendStatus = OrleansLb.Core.Health.BackendStatus;

namespace OrleansLb.Grains.Backends;

/// <summary>Circuits: whose answers are errors too often, by all front-ends, is left alone for a while, and then tried by one request at a time.</summary>
internal sealed partial class PoolGrain
{
    private static readonly TimeSpan CircuitPeriod = TimeSpan.FromMilliseconds(20);

    private readonly CircuitMachine _circuits = new(Random.Shared.NextInt64(1, long.MaxValue / 2));
    private readonly Dictionary<BackendKey, string> _circuitReasons = [];
    private TimeSpan _circuitsJudgedAt;

    public ValueTask<long> BeginTrial(ulong backendKey) => new(_healthKnown ? _circuits.BeginTrial(new BackendKey(backendKey), Now) : 0);

    public ValueTask EndTrial(ulong backendKey, long trial, WireTrialOutcome outcome)
    {
        if (_circuits.EndTrial(new BackendKey(backendKey), trial, (TrialOutcome)outcome, Load, Now) is { } change)
            Adopt(change);
        return default;
    }

    /// <summary>Goes over to another definition of the pool.</summary>
    private void FollowCircuits(PoolDefinition definition)
    {
        foreach (var change in _circuits.Configure(definition, Load, Now))
            Adopt(change);
    }

    /// <summary>What front-ends remember counts unless this activation has seen something itself.</summary>
    private void RecallCircuit(in BackendStatus status)
    {
        if (_circuits.StateOf(status.Key) == CircuitState.Closed)
            Adopt(PoolEligibilityMachine.SetCircuit(_health, status.Key, _circuits.Resume(status.Key, status.Circuit, Now)));
    }

    /// <summary>Called with each exchange of load, which many front-ends have many times a second; a look goes through all backends.</summary>
    private void JudgeCircuits()
    {
        if (_watched?.Circuit is null || Now - _circuitsJudgedAt < CircuitPeriod)
            return;
        _circuitsJudgedAt = Now;
        foreach (var change in _circuits.Judge(Load, Now))
            Adopt(change);
    }

    private void Adopt(in CircuitChange change)
    {
        var backendId = Find(change.Key)?.Id ?? change.Key.ToString();
        _circuitReasons[change.Key] = change.Evidence;
        healthMetrics.CircuitChanged(PoolId, backendId, change.State);
        if (change.State == CircuitState.Open)
            LogCircuitOpened(logger, PoolId, backendId, change.For, change.Evidence);
        else
            LogCircuit(logger, PoolId, backendId, change.State, change.Evidence);
        Adopt(PoolEligibilityMachine.SetCircuit(_health, change.Key, change.State));
    }

    private CircuitStatus? CircuitOf(BackendKey key) => _circuits.StandingOf(key, Now) is { } standing
        ? new CircuitStatus((WireCircuitState)standing.State, standing.OpenFor, standing.IsTried, _circuitReasons.GetValueOrDefault(key, ""))
        : null;

    private string CircuitReasonOf(BackendKey key, CircuitState circuit)
    {
        var carries = circuit == CircuitState.Open ? "its circuit is open" : "its circuit is half-open";
        return _circuitReasons.TryGetValue(key, out var evidence) ? $"{carries}: {evidence}" : $"{carries}, from before this pool moved";
    }
}
