using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Health;

namespace OrleansLb.Grains.Backends;

/// <summary>
/// Administrators' decisions. Each backend's grain has its own from the store; while that cannot be read, what was held to be true goes
/// on to count: what this pool knew, or what front-ends were last told. Meanwhile the decision is asked for every second.
/// </summary>
internal sealed partial class PoolGrain
{
    /// <summary>A store that hangs must not keep the monitors from starting.</summary>
    private static readonly TimeSpan DecisionPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a first table waits for front-ends that do not say what they remember; a directory that lost its silo is complete before.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(5);

    // Decisions that arrived by themselves are newer than those that were being asked for meanwhile.
    private readonly Dictionary<string, WireAdminState> _decided = new(StringComparer.Ordinal);
    private readonly HashSet<string> _undecided = new(StringComparer.Ordinal);

    // What was read while the pool started, and not told since: it changed nothing that was published.
    private readonly Dictionary<string, AdminState> _read = new(StringComparer.Ordinal);
    private readonly long _began = clock.GetTimestamp();
    private RememberedEligibility _remembered = RememberedEligibility.Nothing;

    public ValueTask ApplyAdmin(string backendId, WireAdminState state)
    {
        _decided[backendId] = state;
        _undecided.Remove(backendId);
        _read.Remove(backendId);
        if (_watched?.Backends.FirstOrDefault(backend => backend.Id == backendId) is { } backend)
            Adopt(PoolEligibilityMachine.SetAdmin(_health, backend.Key, state.ToModel()));
        FollowDrains();
        return default;
    }

    /// <summary>
    /// Whether front-ends may be told a first table. Not while one of them may remember something and has not said it: they go on with what they were told,
    /// and would forget it. One that says nothing holds the others up for a while only, unless an administrator's decision is missing.
    /// </summary>
    private bool MayAnnounce => _remembered.IsFromEverybody || (_undecided.Count == 0 && (IsFromABeginning || clock.GetElapsedTime(_began) >= LongestSilence));

    /// <summary>
    /// In a cluster that begins there are no front-ends yet that were told anything, but for those that are known and say so themselves. Where a silo has ended already, this one may just not have heard of
    /// front-ends yet that it served.
    /// </summary>
    private bool IsFromABeginning => !directory.WasSettled && _remembered.AllAnswered && _watched?.Agent is null
        && membership.CurrentSnapshot.Members.Values.All(static member => member.Status != SiloStatus.Dead);

    /// <summary>What backends are held to be, by id, because one that moved to another address stays what it was.</summary>
    private Dictionary<string, AdminState> HeldDecisions(PoolDefinition definition)
    {
        if (_watched is not null)
            return _watched.Backends.ToDictionary(static backend => backend.Id, backend => _health.Members.First(member => member.Key == backend.Key).Admin);
        var remembered = (_remembered.Newest?.Rows ?? []).Select(row => row.ToModel(Now)).ToDictionary(static status => status.Key, static status => status.ImpliedAdmin);
        return definition.Backends.ToDictionary(static backend => backend.Id, backend => remembered.GetValueOrDefault(backend.Key));
    }

    private void Decide(PoolDefinition definition, AdminState?[] asked, Dictionary<string, AdminState> held)
    {
        _undecided.Clear();
        _read.Clear();
        foreach (var (backend, answer) in definition.Backends.Zip(asked))
        {
            var known = _decided.TryGetValue(backend.Id, out var told) ? told.ToModel() : answer;
            if (known is null)
                _undecided.Add(backend.Id);
            else if (!_healthKnown && !_decided.ContainsKey(backend.Id))
                _read[backend.Id] = known.Value;
            Adopt(PoolEligibilityMachine.SetAdmin(_health, backend.Key, known ?? held.GetValueOrDefault(backend.Id)));
        }

        if (_undecided.Count > 0)
            LogUndecided(logger, PoolId, string.Join(", ", _undecided));
    }

    /// <summary>Asks again for what is missing: first the front-ends, until all have answered or the pool has said something itself.</summary>
    private async Task AskAgain(PoolDefinition definition)
    {
        if (!_healthKnown && !_remembered.IsFromEverybody)
            Remember(await frontends.Remembered(PoolId));
        var open = definition.Backends.Where(backend => _undecided.Contains(backend.Id)).ToArray();
        var asked = await Task.WhenAll(open.Select(backend => Decision(backend.Id)));
        foreach (var (backend, answer) in open.Zip(asked))
        {
            if (answer is not { } decision || !_undecided.Remove(backend.Id))
                continue;
            if (!_healthKnown)
                _read[backend.Id] = decision;
            Adopt(PoolEligibilityMachine.SetAdmin(_health, backend.Key, decision));
        }

        if (open.Length > 0 && _undecided.Count == 0)
            LogDecided(logger, PoolId);
    }

    // Nobody was told anything by this activation yet, so the version can still be raised above what was told before.
    private void Remember(RememberedEligibility remembered)
    {
        _remembered = remembered;
        if (remembered.Newest is not { } table)
            return;
        var version = Math.Max(_health.Published.Version, table.Version);
        _health = _health with { Published = _health.Published with { Version = version } };
        foreach (var status in table.Rows.Select(row => row.ToModel(Now)))
        {
            if (KnowsNothingOf(status.Key))
                Adopt(PoolEligibilityMachine.SetVerdict(_health, status.Key, status.ImpliedVerdict, Now));
            RecallAgent(status);
            RecallOutlier(status);
            RecallCircuit(status);
            if (status.EligibleSince is { } since)
                _eligible.Restore(status.Key, since);
            if (_watched!.Backends.FirstOrDefault(backend => backend.Key == status.Key) is { } backend && _undecided.Contains(backend.Id))
                Adopt(PoolEligibilityMachine.SetAdmin(_health, status.Key, status.ImpliedAdmin));
        }
    }

    /// <summary>A monitor that was started before anything was remembered, and has not found out yet, knows less than front-ends do.</summary>
    private bool KnowsNothingOf(BackendKey key) =>
        !_heard.ContainsKey(key) || _health.Members.FirstOrDefault(member => member.Key == key).Verdict.State == BackendState.Unknown;

    private async Task<AdminState?> Decision(string backendId)
    {
        try
        {
            var state = await GrainFactory.GetGrain<IBackendGrain>(BackendGrainKey.Of(PoolId, backendId)).Get().AsTask().WaitAsync(DecisionPatience, clock);
            return state.ToModel();
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogDecisionUnknown(logger, PoolId, backendId, exception.Message);
            return null;
        }
    }
}
