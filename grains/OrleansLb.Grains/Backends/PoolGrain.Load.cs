using System.Collections.Immutable;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Grains.Backends;

/// <summary>Load: each front-end's row as it last reported it, and their totals, which live in memory alone.</summary>
internal sealed partial class PoolGrain
{
    private static readonly TimeSpan ExpiryPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RestedExpiryPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RegistrationPeriod = TimeSpan.FromMilliseconds(500);

    private PoolLoadMachine? _load;
    private IGrainTimer? _expiry;
    private TimeSpan _expiryPeriod = ExpiryPeriod;

    // Named after the activation, so that no two lives of a pool are taken for one.
    private PoolLoadMachine Load => _load ??= new PoolLoadMachine($"{RuntimeIdentity}/{GrainContext.ActivationId}", clock.GetElapsedTime(0));

    public ValueTask<ExchangeReply> Exchange(ExchangeRequest request)
    {
        var reply = Load.Exchange(request.ToModel(), clock.GetElapsedTime(0));
        exchangeMetrics.Answered(reply);
        if (reply.Refusal != LoadRefusal.None)
            LogReportRefused(logger, PoolId, request.FrontendId, reply.Refusal);
        JudgeOutliers();
        JudgeCircuits();
        JudgeAdaptive();
        return new(reply.ToWire(Eligibility));
    }

    public ValueTask Leave(string frontendId, long incarnation)
    {
        Load.Remove(frontendId, incarnation, clock.GetElapsedTime(0));
        return default;
    }

    public ValueTask<PoolStatus> GetStatus()
    {
        var now = clock.GetElapsedTime(0);
        Load.Expire(now);
        var frontends = Load.Frontends(now);
        var totals = Load.Totals().ToDictionary(static total => total.Key);
        return new(new PoolStatus(
            PoolId,
            Load.IsComplete(now),
            Eligibility.Version,
            Load.Traffic().ArrivalRate,
            [.. frontends.Select(static frontend => frontend.FrontendId)],
            [.. (Definition?.Backends ?? []).Select(backend => StatusOf(backend, totals, frontends))])
        {
            Retries = Load.Retries()?.ToWire(),
        });
    }

    private void StartLoad()
    {
        _expiry = this.RegisterGrainTimer(ExpireLoad, new GrainTimerCreationOptions(ExpiryPeriod, ExpiryPeriod) { Interleave = true });
        this.RegisterGrainTimer(LearnFrontends, new GrainTimerCreationOptions(TimeSpan.Zero, RegistrationPeriod) { Interleave = true });
    }

    private Task ExpireLoad(CancellationToken cancellationToken)
    {
        var now = clock.GetElapsedTime(0);
        Load.Expire(now);
        JudgeOutliers();
        JudgeCircuits();
        JudgeAdaptive();
        PaceExpiry(now);
        return Task.CompletedTask;
    }

    /// <summary>The shortest lease is as long as the longer period, so that a pool which rests is soon enough for front-ends that begin to report more often.</summary>
    private void PaceExpiry(TimeSpan now)
    {
        var period = Load.MayExpireWithin(RestedExpiryPeriod, now) ? ExpiryPeriod : RestedExpiryPeriod;
        if (period == _expiryPeriod)
            return;
        _expiryPeriod = period;
        _expiry!.Change(period, period);
    }

    /// <summary>Until the totals hold everybody: asks who everybody is.</summary>
    private async Task LearnFrontends(CancellationToken cancellationToken)
    {
        if (Load.IsComplete(clock.GetElapsedTime(0)))
            return;
        try
        {
            var list = await GrainFactory.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).List();
            if (list.Settled)
                Load.SetRegistered([.. list.Carriers.Select(static entry => entry.FrontendId)]);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // Without the list the totals count as complete after a second.
            LogFrontendsUnknown(logger, PoolId, exception.Message);
        }
    }

    private BackendStatus StatusOf(BackendDefinition backend, Dictionary<BackendKey, LoadEntry> totals, IReadOnlyList<FrontendLoad> frontends)
    {
        var (health, inStateFor, reason) = HealthOf(backend.Key);
        return new BackendStatus
        {
            BackendId = backend.Id,
            Address = backend.Address.ToString(),
            Generation = backend.Generation,
            Weight = backend.Weight,
            State = health.State.ToString(),
            Reason = reason,
            InStateFor = inStateFor,
            ForNewSessions = health.TakesNew,
            InFlight = totals.GetValueOrDefault(backend.Key, new LoadEntry(backend.Key, 0, 0)).ToWire(),
            ByFrontend = frontends
                .SelectMany(static frontend => frontend.Entries.Select(entry => (frontend.FrontendId, entry)))
                .Where(row => row.entry.Key == backend.Key)
                .ToImmutableDictionary(static row => row.FrontendId, static row => row.entry.ToWire()),
            Drain = DrainOf(backend.Key),
            Agent = AgentOf(backend.Key),
            Circuit = CircuitOf(backend.Key),
        };
    }
}
