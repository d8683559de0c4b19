using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Events;
using OrleansLb.Core;
using OrleansLb.Core.Draining;
using OrleansLb.Grains.Events;
using OrleansLb.Grains.Hosting;

namespace OrleansLb.Grains.Backends;

/// <summary>Keeps what administrators decided about one backend.</summary>
[GrainType("backend")]
internal sealed partial class BackendGrain(
    [PersistentState("backend", GrainsSiloBuilderExtensions.StorageName)] IPersistentState<BackendGrainState> stored,
    IConfigurationView configuration,
    EventPublisher events,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<BackendGrain> logger) : Grain, IBackendGrain
{
    private const string SomeAdministrator = "an administrator";

    // What others are told: a decision that is still being stored may come to nothing.
    private BackendGrainState _inForce = new();

    // The store knows a moment of the wall clock; as long as this activation lives, a step of that clock changes nothing.
    private (DateTimeOffset Until, long At, TimeSpan Left) _deadline;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A drain that a version before stored has no times: it gets them now.
        if (stored.State is { Admin: WireAdminState.Draining, Since: var since } && since == default)
            stored.State = New(WireAdminState.Draining, ConfiguredTimeout(BackendGrainKey.Parse(this.GetPrimaryKeyString()).PoolId), SomeAdministrator);
        _inForce = stored.State;
        return Task.CompletedTask;
    }

    public async ValueTask Set(WireAdminState state) => await Decide(state, null, SomeAdministrator);

    public async ValueTask<BackendDecision> Decide(WireAdminState state, TimeSpan? drainTimeout, string by)
    {
        var (poolId, backendId) = BackendGrainKey.Parse(this.GetPrimaryKeyString());
        var before = _inForce;
        if (before.Admin != state)
            await Store(New(state, drainTimeout ?? ConfiguredTimeout(poolId), by));
        else if (state == WireAdminState.Draining && drainTimeout is { } timeout && before.DrainedAt is null)
            await Store(before with { DrainTimeout = timeout, DrainUntil = clock.GetUtcNow() + timeout, By = by });
        if (!ReferenceEquals(before, _inForce))
            TellPeople(poolId, backendId, _inForce);

        // Also when nothing changed: the first attempt may have been stored and then lost on the way to the pool.
        var decision = Decision() with { IsNews = before.Admin != _inForce.Admin };
        await Tell(GrainFactory.GetGrain<IPoolGrain>(poolId), backendId, decision);
        return decision;
    }

    public async ValueTask ReportDrained(DateTimeOffset since)
    {
        var state = _inForce;
        if (state is not { Admin: WireAdminState.Draining, DrainedAt: null } || state.Since != since)
            return;
        await Store(state with { DrainedAt = clock.GetUtcNow() });
    }

    public ValueTask<WireAdminState> Get() => new(_inForce.Admin);

    public ValueTask<BackendDecision> GetDecision() => new(Decision());

    private BackendDecision Decision() => new()
    {
        State = _inForce.Admin,
        Since = _inForce.Since,
        By = _inForce.By,
        DrainTimeout = _inForce.DrainTimeout,
        DrainLeft = DrainLeft(),
        DrainedAt = _inForce.DrainedAt,
    };

    private BackendGrainState New(WireAdminState state, TimeSpan timeout, string by)
    {
        var now = clock.GetUtcNow();
        return state == WireAdminState.Draining
            ? new BackendGrainState { Admin = state, Since = now, By = by, DrainTimeout = timeout, DrainUntil = now + timeout }
            : new BackendGrainState { Admin = state, Since = now, By = by };
    }

    private TimeSpan ConfiguredTimeout(string poolId) =>
        configuration.Current.Snapshot.Pools.TryGetValue(poolId, out var pool) ? pool.DrainTimeout : DrainMachine.DefaultTimeout;

    private TimeSpan DrainLeft()
    {
        if (_inForce.Admin != WireAdminState.Draining)
            return TimeSpan.Zero;
        if (_deadline.Until != _inForce.DrainUntil)
        {
            // Whatever the clock of this silo says, a drain never lasts longer than it was given.
            var left = _inForce.DrainUntil - clock.GetUtcNow();
            _deadline = (_inForce.DrainUntil, clock.GetTimestamp(), left > _inForce.DrainTimeout ? _inForce.DrainTimeout : left);
        }

        var rest = _deadline.Left - clock.GetElapsedTime(_deadline.At);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private void TellPeople(string poolId, string backendId, BackendGrainState state)
    {
        LogDecided(logger, poolId, backendId, state.Admin, state.By);
        if (state.Admin != WireAdminState.Draining)
            return;
        events.Publish(new ClusterEvent
        {
            Kind = ClusterEventKind.DrainBegan,
            PoolId = poolId,
            BackendId = backendId,
            Detail = $"{state.DrainTimeout:c} for its sessions and what is in flight",
            By = state.By,
        });
    }

    private static async Task Tell(IPoolGrain pool, string backendId, BackendDecision decision)
    {
        try
        {
            await pool.ApplyDecision(backendId, decision);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // A pool on a silo of the version before knows only this; if it cannot be reached at all, this says so.
            await pool.ApplyAdmin(backendId, decision.State);
        }
    }

    private async Task Store(BackendGrainState next)
    {
        stored.State = next;
        try
        {
            await stored.WriteStateAsync();
            _inForce = next;
        }
        catch
        {
            // What is not stored is not in force, and whether it was stored is only known after reading it again.
            stored.State = _inForce;
            DeactivateOnIdle();
            throw;
        }
    }
}
