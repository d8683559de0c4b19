using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Events;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Health;
using OrleansLb.Grains.Health;
using BackendStatus = OrleansLb.Core.Health.BackendStatus;

namespace OrleansLb.Grains.Backends;

/// <summary>Drains: twice a second every live front-end is asked what it still has at the backends that drain, and whether it is closed to them.</summary>
internal sealed partial class PoolGrain
{
    private static readonly TimeSpan DrainPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DecisionRetryPeriod = TimeSpan.FromSeconds(5);

    private readonly Dictionary<BackendKey, PoolDrain> _drains = [];

    // The last word of administrators as this activation heard it, for the words of status and history.
    private readonly Dictionary<string, BackendDecision> _decisions = new(StringComparer.Ordinal);
    private bool _askingDrains;

    public ValueTask ApplyDecision(string backendId, BackendDecision decision)
    {
        if (!_healthKnown)
            NoteEarly(backendId, decision);
        _decisions[backendId] = decision;
        var wasReadBefore = _read.TryGetValue(backendId, out var read) && read == decision.State.ToModel();
        var applied = ApplyAdmin(backendId, decision.State);
        if (decision.IsNews && wasReadBefore && _healthKnown)
            RecordUntold(new Dictionary<string, BackendDecision> { [backendId] = decision });
        if (_drains.Values.FirstOrDefault(drain => drain.Backend.Id == backendId) is { } drain)
        {
            Decide(drain, decision);
            _ = KeepDraining(CancellationToken.None);
        }

        return applied;
    }

    private void StartDrains() =>
        this.RegisterGrainTimer(KeepDraining, new GrainTimerCreationOptions(DrainPeriod, DrainPeriod) { Interleave = true });

    /// <summary>A pool that lost its silo knows from the front-ends which drains had ended.</summary>
    private void RecallDrains(EligibilityTable? remembered)
    {
        foreach (var status in (remembered?.Rows ?? []).Select(row => row.ToModel(Now)))
        {
            Adopt(PoolEligibilityMachine.SetDrain(_health, status.Key, status.ImpliedDrain));
            // One that was closing looks as if it were dead. Without a monitor nobody would ever say that it is not.
            if (_watched!.ActiveHealth is null && status.State == BackendState.Draining)
                Adopt(PoolEligibilityMachine.SetVerdict(_health, status.Key, HealthVerdict.Unknown, Now));
        }
    }

    /// <summary>Begins to watch what drains now, and forgets what does not any more.</summary>
    private void FollowDrains()
    {
        var draining = _health.Members.Where(static member => member.Admin == AdminState.Draining).ToDictionary(static member => member.Key);
        foreach (var gone in _drains.Keys.Where(key => !draining.ContainsKey(key)).ToArray())
            _drains.Remove(gone);
        foreach (var backend in _watched?.Backends ?? [])
        {
            if (draining.TryGetValue(backend.Key, out var member) && !_drains.ContainsKey(backend.Key))
                _drains[backend.Key] = new PoolDrain(backend, DrainMachine.Start(member.Drain, null, _watched!.DrainTimeout, _watched.KeepsSessions, Now));
        }
    }

    private async Task KeepDraining(CancellationToken cancellationToken)
    {
        if (_askingDrains)
            return;

        _askingDrains = true;
        try
        {
            FollowDrains();
            // Not waited for: a store that hangs behind one of them would hold up the others.
            foreach (var drain in _drains.Values.Where(drain => !drain.IsCalling && Now >= drain.CallAgainAt).ToArray())
                _ = CallDecider(drain);
            if (_drains.Values.Where(static drain => drain.State.Phase != DrainPhase.Drained).ToArray() is { Length: > 0 } open)
                await AskFrontends(open);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogDrainsNotAsked(logger, PoolId, exception.Message);
        }
        finally
        {
            _askingDrains = false;
        }
    }

    /// <summary>Learns what was decided, or has the end of the drain stored.</summary>
    private async Task CallDecider(PoolDrain drain)
    {
        if (drain.Decision is not null && !drain.IsUnreported)
            return;
        (drain.IsCalling, drain.CallAgainAt) = (true, Now + DecisionRetryPeriod);
        try
        {
            var decider = GrainFactory.GetGrain<IBackendGrain>(BackendGrainKey.Of(PoolId, drain.Backend.Id));
            if (drain.IsUnreported)
                await decider.ReportDrained(drain.Decision!.Since);
            var decision = await decider.GetDecision();
            // It may have been ended, or begun anew, meanwhile.
            if (decision.State == WireAdminState.Draining && IsCurrent(drain))
                Decide(drain, decision);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogDeciderSilent(logger, PoolId, drain.Backend.Id, exception.Message);
        }
        finally
        {
            drain.IsCalling = false;
        }
    }

    private void Decide(PoolDrain drain, BackendDecision decision)
    {
        _decisions[drain.Backend.Id] = decision;
        drain.Decision = decision;
        drain.CallAgainAt = Now;
        drain.Until = clock.GetUtcNow() + decision.DrainLeft;
        Move(drain, decision.DrainedAt is null
            ? DrainMachine.Limit(drain.State, decision.DrainLeft, Now)
            : drain.State with { Phase = DrainPhase.Drained });
    }

    private async Task AskFrontends(PoolDrain[] open)
    {
        var query = new DrainQuery(PoolId, [.. open.Select(static drain => new DrainQuestion(drain.Backend.Key.Value, drain.State.CutsOff))]);
        var answers = await drainInquiry.Ask(query);
        var everybody = answers.AreAll && Load.IsComplete(Now);
        var totals = Load.Totals().ToDictionary(static total => total.Key);
        foreach (var drain in open)
        {
            // It may have been ended, or begun anew, while the front-ends were asked.
            if (!IsCurrent(drain))
                continue;
            drain.Answers = answers.Of(drain.Backend.Key);
            var total = totals.GetValueOrDefault(drain.Backend.Key, new LoadEntry(drain.Backend.Key, 0, 0));
            Move(drain, DrainMachine.Advance(drain.State, DrainCensus.Of(everybody, total, drain.Answers), Now));
            if (drain.State.Phase == DrainPhase.Drained)
                TellDrained(drain);
        }
    }

    private bool IsCurrent(PoolDrain drain) => _drains.TryGetValue(drain.Backend.Key, out var current) && ReferenceEquals(current, drain);

    private void Move(PoolDrain drain, DrainState next)
    {
        var before = drain.State;
        drain.State = next;
        if (next.TimedOut && !before.TimedOut)
            Tell(drain, ClusterEventKind.DrainTimedOut, $"cutting off {drain.Answers.Sum(static answer => (long)answer.Requests)} requests and {drain.Answers.Sum(static answer => (long)answer.Connections)} connections");
        if (next.Phase != before.Phase)
            Adopt(PoolEligibilityMachine.SetDrain(_health, drain.Backend.Key, next.Phase));
    }

    private void TellDrained(PoolDrain drain)
    {
        LogDrained(logger, PoolId, drain.Backend.Id);
        drainMetrics.Drained(PoolId, drain.Backend.Id, drain.State.TimedOut);
        Tell(drain, ClusterEventKind.Drained, "nothing is in flight there at any front-end, and nothing comes any more");
    }

    private void Tell(PoolDrain drain, ClusterEventKind kind, string detail) => events.Publish(new ClusterEvent
    {
        Kind = kind,
        PoolId = PoolId,
        BackendId = drain.Backend.Id,
        Detail = detail,
        By = drain.Decision?.By ?? "",
    });

    private DrainStatus? DrainOf(BackendKey key) => !_drains.TryGetValue(key, out var drain) ? null : new DrainStatus
    {
        Phase = drain.State.Phase.ToString(),
        Since = drain.Decision?.Since,
        Until = drain.Until,
        TimedOut = drain.State.TimedOut,
        WaitingFor = drain.State.Phase == DrainPhase.Drained ? [] : [.. drain.Answers.Where(answer => !IsDone(drain, answer)).Select(static answer => answer.FrontendId)],
        By = drain.Decision?.By ?? "",
    };

    private static bool IsDone(PoolDrain drain, in FrontendDrain answer) =>
        answer.IsEmpty && (answer.IsClosed || drain.State.Phase == DrainPhase.Finishing);

    private string AdminReasonOf(BackendStatus status)
    {
        var backend = _watched?.Backends.FirstOrDefault(backend => backend.Key == status.Key);
        var decision = backend is null ? null : _decisions.GetValueOrDefault(backend.Id);
        var who = decision is { By.Length: > 0 } ? decision.By : "an administrator";
        if (status.State == BackendState.Maintenance || !_drains.TryGetValue(status.Key, out var drain))
            return $"{who} said so";
        return drain.State switch
        {
            { Phase: DrainPhase.Drained } => $"drained: nothing is in flight there and nothing comes any more; {who} said so",
            { TimedOut: true } => $"the time to drain is over: what is left is cut off; {who} said so",
            { Phase: DrainPhase.Closing } => $"nothing is left: closing it to its sessions too; {who} said so",
            _ when drain.Until is { } until => $"its sessions and what is in flight have until {until:u}; {who} said so",
            _ => $"{who} said so",
        };
    }
}
