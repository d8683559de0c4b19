using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Health;
using BackendStatus = OrleansLb.Core.Health.BackendStatus;

namespace OrleansLb.Grains.Backends;

/// <summary>Health: the monitors are called now and then, which revives those that lost their silo; changes are pushed as they happen.</summary>
internal sealed partial class PoolGrain
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    private readonly long _healthEpoch = Random.Shared.NextInt64(1, long.MaxValue);
    private readonly Dictionary<BackendKey, (long Epoch, long Revision)> _heard = [];
    private readonly Dictionary<BackendKey, string> _reasons = [];
    private readonly Dictionary<BackendKey, (BackendState State, long Since)> _since = [];
    private readonly EligibleTimes _eligible = new();
    private readonly WatchPace _watchPace = new();
    private PoolEligibilityState _health = PoolEligibilityMachine.Start(0);
    private PoolDefinition? _watched;
    private bool _healthKnown;

    // Between the steps of one change: only what they lead to is told.
    private bool _following;
    private bool _watching;

    /// <summary>What front-ends should have; they fetch the table when theirs is another one. Zeros while it is not known.</summary>
    internal (long Epoch, long Version) Eligibility => _healthKnown ? (_healthEpoch, _health.Published.Version) : default;

    /// <summary>What the pool holds to be true of a backend, since when and why; for its status.</summary>
    internal (BackendStatus Status, TimeSpan InStateFor, string Reason) HealthOf(BackendKey key)
    {
        _health.Published.TryGet(key, out var status);
        var inStateFor = _since.TryGetValue(key, out var since) ? clock.GetElapsedTime(since.Since) : TimeSpan.Zero;
        return (status, inStateFor, ReasonOf(key, status));
    }

    public ValueTask ReportVerdict(VerdictReport report)
    {
        Take(report);
        return default;
    }

    public ValueTask<EligibilityTable?> GetEligibility(long epoch, long version)
    {
        var current = epoch == _healthEpoch && version == _health.Published.Version;
        return new(current || !_healthKnown ? null : _eligible.Stamp(_health.Published).ToWire(_healthEpoch, Now));
    }

    private void StartHealth() =>
        this.RegisterGrainTimer(KeepWatch, new GrainTimerCreationOptions(TimeSpan.Zero, WatchPeriod) { Interleave = true, KeepAlive = true });

    private void StopHealth()
    {
        foreach (var backend in _watched?.Backends ?? [])
            healthMetrics.Hide(PoolId, backend.Id);
    }

    private async Task KeepWatch(CancellationToken cancellationToken)
    {
        if (_watching)
            return;

        _watching = true;
        try
        {
            await Watch();
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotWatched(logger, PoolId, exception.Message);
        }
        finally
        {
            _watching = false;
        }
    }

    private async Task Watch()
    {
        if (Definition is not { } definition)
        {
            DeactivateOnIdle();
            return;
        }

        var isNew = !ReferenceEquals(definition, _watched);
        if (isNew)
            await Follow(definition);
        else if (_undecided.Count > 0 || (!_healthKnown && !MayAnnounce))
            await AskAgain(definition);
        if (definition.ActiveHealth is { } settings && (_watchPace.IsDue(membership.CurrentSnapshot.Version.Value, Now) || isNew))
            await WatchAll(definition, settings);
        if (definition.Agent is { } agent)
            await WatchAgents(definition, agent);
        if (!_healthKnown && MayAnnounce)
            Announce();
    }

    private async Task Follow(PoolDefinition definition)
    {
        // Everything is asked for before anything is applied: a backend in maintenance must not be eligible in between.
        _decided.Clear();
        if (_watched is null)
            _remembered = await frontends.Remembered(PoolId);
        var asked = await Task.WhenAll(definition.Backends.Select(backend => Decision(backend.Id)));
        var before = _health.Published;
        _following = true;
        try
        {
            Apply(definition, asked);
        }
        finally
        {
            _following = false;
        }

        Show();
        if (_healthKnown && before.DeltaTo(_health.Published) is { } delta)
        {
            Record(before, delta);
            LogPublished();
            Refresh();
        }
    }

    private void Apply(PoolDefinition definition, AdminState?[] asked)
    {
        var held = HeldDecisions(definition);
        StopHealth();
        foreach (var gone in _since.Keys.Except(definition.Backends.Select(static backend => backend.Key)).ToArray())
            Forget(gone);
        var remembered = _watched is null ? _remembered.Newest : null;
        if (_watched is null)
            _health = PoolEligibilityMachine.Start(remembered?.Version ?? 0);
        (_formerly, _watched) = (_watched, definition);
        Adopt(PoolEligibilityMachine.Configure(_health, definition));
        FollowOutliers(definition);
        FollowCircuits(definition);
        FollowAgents(definition);
        FollowAdaptive(definition);
        Recall(definition, [.. (remembered?.Rows ?? []).Select(row => row.ToModel(Now))]);
        Decide(definition, asked, held);
        RecallDrains(remembered);
    }

    /// <summary>A new activation goes on from what front-ends remember.</summary>
    private void Recall(PoolDefinition definition, BackendStatus[] remembered)
    {
        Adopt(PoolEligibilityMachine.Recall(
            _health,
            remembered.Select(status => (
                status with { Agent = definition.Agent is null ? default : status.Agent, Circuit = _circuits.Resume(status.Key, status.Circuit, Now) },
                _outliers.Resume(status.Key, status.ImpliedOutlier, Now))),
            Now));
        foreach (var status in remembered)
        {
            if (status.EligibleSince is { } since)
                _eligible.Restore(status.Key, since);
        }
    }

    private void Forget(BackendKey key)
    {
        _heard.Remove(key);
        _reasons.Remove(key);
        _since.Remove(key);
        _agents.Remove(key);
        ForgetOutlier(key);
        _circuitReasons.Remove(key);
    }

    private async Task WatchAll(PoolDefinition definition, ActiveHealthDefinition settings)
    {
        var answered = await Task.WhenAll(definition.Backends.Select(backend => Watch(definition, settings, backend)));
        _watchPace.Called(Array.TrueForAll(answered, static each => each), Now);
    }

    private async Task<bool> Watch(PoolDefinition definition, ActiveHealthDefinition settings, BackendDefinition backend)
    {
        try
        {
            var held = _health.Members.First(member => member.Key == backend.Key).Verdict;
            var monitor = GrainFactory.GetGrain<IHealthMonitorGrain>(BackendGrainKey.Of(PoolId, backend.Id));
            Take(await monitor.Watch(HealthMapping.Assignment(definition, settings, backend, held)));
            return true;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // Its silo died or hangs; the next call, a second later, starts it elsewhere.
            LogMonitorSilent(logger, PoolId, backend.Id, exception.Message);
            return false;
        }
    }

    private void Take(VerdictReport report)
    {
        var key = new BackendKey(report.BackendKey);
        var overtaken = _heard.TryGetValue(key, out var heard) && heard.Epoch == report.Epoch && heard.Revision >= report.Revision;
        if (overtaken || _health.Members.All(member => member.Key != key))
            return;

        _heard[key] = (report.Epoch, report.Revision);
        _reasons[key] = report.Reason;
        Adopt(PoolEligibilityMachine.SetVerdict(_health, key, report.Verdict.ToModel(), Now));
    }

    private void Adopt(PoolEligibilityStep step)
    {
        var before = _health.Published;
        _health = step.Next;
        if (step.Delta is not { } delta)
            return;
        _eligible.Observe(_health.Published, Now);
        if (!_healthKnown || _following)
            return;

        Show();
        // Percentages of agents change with each of their answers; they are told, but are no news for people.
        if (Record(before, delta) || before.Panic != delta.Panic)
            LogPublished();
        _ = Push(_eligible.Stamp(delta).ToWire(PoolId, _healthEpoch, Now));
    }

    private void LogPublished()
    {
        var published = _health.Published;
        LogEligibility(logger, PoolId, published.Version, published.Backends.Count(static status => status.TakesNew), published.Backends.Length, published.Panic);
    }

    /// <summary>The first table of this activation: front-ends see an epoch that they do not have and fetch it.</summary>
    private void Announce()
    {
        _healthKnown = true;
        RecordEarly();
        Refresh();
    }

    /// <summary>Names the version in force; whom it does not fit fetches the table.</summary>
    private void Refresh()
    {
        var version = _health.Published.Version;
        _ = Push(new EligibilityChange(PoolId, _healthEpoch, version, version, [], [], _health.Published.Panic));
    }

    private async Task Push(EligibilityChange change)
    {
        // Those that this silo knows of hear at once; only the directory, which is a call away, knows who came since.
        var known = directory.LiveCarriers;
        var told = Task.WhenAll(known.Select(entry => Push(entry, change)));
        try
        {
            var list = (await directory.Refresh()).List;
            var heard = known.Select(static entry => (entry.FrontendId, entry.Incarnation)).ToHashSet();
            await Task.WhenAll(list.Carriers.Where(entry => !heard.Contains((entry.FrontendId, entry.Incarnation))).Select(entry => Push(entry, change)));
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // Front-ends compare versions by themselves.
            LogNotPushed(logger, PoolId, change.ToVersion, exception.Message);
        }

        await told;
    }

    private async Task Push(FrontendEntry frontend, EligibilityChange change)
    {
        try
        {
            await frontend.Observer.PoolChanged(change);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotPushed(logger, PoolId, change.ToVersion, $"{frontend.FrontendId}: {exception.Message}");
        }
    }

    private void Show()
    {
        foreach (var backend in _watched!.Backends)
        {
            if (!_health.Published.TryGet(backend.Key, out var status))
                continue;
            healthMetrics.Show(PoolId, backend.Id, status.TakesNew);
            if (!_since.TryGetValue(backend.Key, out var since) || since.State != status.State)
                _since[backend.Key] = (status.State, clock.GetTimestamp());
        }
    }

    private string ReasonOf(BackendKey key, BackendStatus status) => status switch
    {
        { ImpliedAdmin: not AdminState.Active } => AdminReasonOf(status),
        { ByAgent: true } => AgentReasonOf(key, status),
        { Circuit: not CircuitState.Closed } => CircuitReasonOf(key, status.Circuit),
        { Ejection: not null } or { State: BackendState.Degraded, Slow: true } => OutlierReasonOf(key, status),
        { Held: true } => "down by one witness, among too many others at once",
        { State: BackendState.Unknown, TakesNew: false } => "joined a running pool and has not answered a probe yet",
        { ByPanic: true } => $"panic; {_reasons.GetValueOrDefault(key, "not probed yet")}",
        _ => _reasons.GetValueOrDefault(key, _watched?.ActiveHealth is null ? "not probed" : "not probed yet"),
    };

    private TimeSpan Now => clock.GetElapsedTime(0);
}
