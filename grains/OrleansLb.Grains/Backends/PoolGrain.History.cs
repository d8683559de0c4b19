using System.Collections.Immutable;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Events;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using BackendStatus = OrleansLb.Core.Health.BackendStatus;

namespace OrleansLb.Grains.Backends;

/// <summary>What changed is told to each backend's history and to the event feed; nobody waits for either.</summary>
internal sealed partial class PoolGrain
{
    // A mass removal, or the first verdicts of a large pool, must not be felt by the store.
    private const int HistoriesAtOnce = 8;

    private static readonly TimeSpan HistoryRetryPeriod = TimeSpan.FromSeconds(2);

    private readonly HistoryOutbox _outbox = new();
    private readonly Dictionary<string, BackendDecision> _early = new(StringComparer.Ordinal);
    private PoolDefinition? _formerly;
    private bool _tellingHistory;

    private void StartHistory() =>
        this.RegisterGrainTimer(_ => TellHistory(), new GrainTimerCreationOptions(HistoryRetryPeriod, HistoryRetryPeriod) { Interleave = true });

    /// <summary>Notes the changes that lead from one published version to the next.</summary>
    /// <returns>Whether there were any that people care for.</returns>
    private bool Record(PoolEligibility before, PoolEligibilityDelta delta)
    {
        var changes = StateChange.Of(before, delta);
        if (changes.IsEmpty)
            return false;
        foreach (var change in changes)
        {
            if (Find(change.Key) is { } backend)
                Record(backend, change);
        }

        _ = TellHistory();
        return true;
    }

    // Whoever decides what is so already changes nothing, and is not told of.
    private void NoteEarly(string backendId, BackendDecision decision)
    {
        if (!_early.TryGetValue(backendId, out var noted) || noted.State != decision.State)
            _early[backendId] = decision;
    }

    /// <summary>What administrators decided while this activation did not know its backends yet: what was stored before is no change, but that is.</summary>
    private void RecordEarly()
    {
        RecordUntold(_early);
        _early.Clear();
    }

    /// <summary>Notes decisions whose backends were never seen without them.</summary>
    private void RecordUntold(Dictionary<string, BackendDecision> decided)
    {
        foreach (var member in _health.Members.Where(static member => member.Admin != AdminState.Active))
        {
            if (Find(member.Key) is { } backend && decided.TryGetValue(backend.Id, out var decision) && _health.Published.TryGet(member.Key, out var status))
                Record(backend, new StateChange(member.Key, new BackendStatus(member.Key, member.Verdict.State, !member.IsDown, !member.IsDown, false, false), status, StateChangeCause.Admin), decision);
        }

        _ = TellHistory();
    }

    private void Record(BackendDefinition backend, in StateChange change) =>
        Record(backend, change, change.Cause == StateChangeCause.Admin ? _decisions.GetValueOrDefault(backend.Id) : null);

    private void Record(BackendDefinition backend, in StateChange change, BackendDecision? decision)
    {
        var told = new BackendStateChange
        {
            When = clock.GetUtcNow(),
            Generation = backend.Generation,
            From = (WireBackendState?)change.Before?.State,
            To = (WireBackendState?)change.After?.State,
            TakesNew = change.After?.TakesNew ?? false,
            TakesPinned = change.After?.TakesPinned ?? false,
            Cause = (WireStateChangeCause)change.Cause,
            Evidence = change.After is { } status ? EvidenceOf(change, status) : "left the configuration",
            By = decision is { By.Length: > 0 } ? decision.By : events.Name,
        };
        if (!_outbox.Add(backend.Id, told))
            eventMetrics.HistoryLost();
        events.Publish(new ClusterEvent
        {
            Kind = ClusterEventKind.BackendStateChanged,
            PoolId = PoolId,
            BackendId = backend.Id,
            Change = told,
            Detail = told.Evidence,
            By = told.By,
        });
    }

    private string EvidenceOf(in StateChange change, in BackendStatus status) => change switch
    {
        { Before: null } => "joined the configuration",
        { Cause: StateChangeCause.Panic, After.ByPanic: false } => "enough of the pool is eligible again",
        { Cause: StateChangeCause.Admin } when status.ImpliedAdmin == AdminState.Active => $"active again; {ReasonOf(change.Key, status)}",
        { Cause: StateChangeCause.Outlier } when EndOf(change) is { } end => $"{end}; {ReasonOf(change.Key, status)}",
        _ => ReasonOf(change.Key, status),
    };

    /// <summary>A backend of the configuration, or of the one before: what left is not in it any more.</summary>
    private BackendDefinition? Find(BackendKey key) => Find(_watched, key) ?? Find(_formerly, key);

    private static BackendDefinition? Find(PoolDefinition? pool, BackendKey key) => pool?.Backends.FirstOrDefault(backend => backend.Key == key);

    private async Task TellHistory()
    {
        if (_tellingHistory)
            return;

        _tellingHistory = true;
        try
        {
            var isTold = true;
            while (isTold && !_outbox.IsEmpty)
                isTold = (await Task.WhenAll(_outbox.Take(HistoriesAtOnce).Select(entry => TellHistory(entry.BackendId, entry.Changes)))).All(static told => told);
        }
        finally
        {
            _tellingHistory = false;
        }
    }

    private async Task<bool> TellHistory(string backendId, ImmutableArray<BackendStateChange> changes)
    {
        try
        {
            await GrainFactory.GetGrain<IBackendHistoryGrain>(BackendGrainKey.Of(PoolId, backendId)).Add(changes);
            return true;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            _outbox.Return(backendId, changes);
            LogHistoryNotTold(logger, PoolId, backendId, exception.Message);
            return false;
        }
    }
}
