using System.Collections.Immutable;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;
using SlotHolding = OrleansLb.Contracts.Backends.SlotHolding;

namespace OrleansLb.Grains.Backends;

/// <summary>
/// Slots: the leases of a pool with a limit of concurrency, or whose agents say one, which live in memory alone and are told again by those who hold them.
/// </summary>
internal sealed partial class PoolGrain
{
    private static readonly TimeSpan SlotWatchPeriod = TimeSpan.FromMilliseconds(200);

    // Of the activation and not of the first call: what an activation before granted ends a lease after this one began.
    private readonly TimeSpan _activatedAt = clock.GetElapsedTime(0);
    private SlotArbiter? _slots;

    public ValueTask<SlotReply?> ExchangeSlots(SlotRequest request)
    {
        // What somebody unknown holds a later activation would not ask for.
        if (Definition?.Concurrency is not { } concurrency || !slotOwners.Knows(request.FrontendId, request.Incarnation))
            return default;
        var answer = Slots().Handle(request.ToModel(), key => SlotsOf(concurrency, key), Now);
        return new((concurrency.Adaptive is null ? answer : TellLimits(answer))?.ToWire());
    }

    public ValueTask<PoolSlotStatus?> GetSlots()
    {
        if (Definition is not { Concurrency: { } concurrency } definition)
            return default;
        _slots?.Expire(Now);
        return new(new PoolSlotStatus(
            concurrency.MaxRequestsPerBackend ?? 0, _slots?.IsComplete ?? false, HoldingsOf(definition), LimitsOf(definition, concurrency), AdaptiveOf(definition)));
    }

    /// <summary>
    /// Whether it is known what agents said before this activation. A front-end that does not tell holds this up as long as it does the first table; agents have been asked again by then.
    /// </summary>
    private bool AreAgentsKnown => Definition?.Agent is null || _healthKnown || clock.GetElapsedTime(_began) >= LongestSilence;

    /// <summary>Slots to hand out; <see langword="null"/> while a lower limit may be in force than is known here.</summary>
    private int? SlotsOf(ConcurrencyDefinition concurrency, BackendKey key)
    {
        if (!AreAgentsKnown)
            return null;
        var most = MostOf(concurrency, key) ?? SlotLimit.Most;
        return concurrency.Adaptive is null ? most : BeginAdaptive(key, most);
    }

    private int? LimitOf(ConcurrencyDefinition concurrency, BackendKey key) =>
        concurrency.Adaptive is null ? MostOf(concurrency, key) : _adaptive.StandingOf(key)?.Limit;

    /// <summary>What is configured or an agent says; what a limit that adapts may not exceed.</summary>
    private int? MostOf(ConcurrencyDefinition concurrency, BackendKey key) =>
        SlotLimit.Of(concurrency, _health.Published.TryGet(key, out var status) ? status.Agent : default);

    private ImmutableDictionary<string, int> LimitsOf(PoolDefinition definition, ConcurrencyDefinition concurrency) => definition.Backends
        .Select(backend => (backend.Id, Limit: LimitOf(concurrency, backend.Key)))
        .Where(static each => each.Limit is not null)
        .ToImmutableDictionary(static each => each.Id, static each => each.Limit!.Value);

    private SlotArbiter Slots()
    {
        if (_slots is not null)
            return _slots;
        this.RegisterGrainTimer(WatchSlots, new GrainTimerCreationOptions(TimeSpan.Zero, SlotWatchPeriod) { Interleave = true });
        return _slots = new SlotArbiter(Random.Shared.NextInt64(1, long.MaxValue), _activatedAt);
    }

    private async Task WatchSlots(CancellationToken cancellationToken)
    {
        var slots = Slots();
        var wasComplete = slots.IsComplete;
        if (await slotOwners.Look(_activatedAt, needsEverybody: !wasComplete) is var (registered, isEverybody))
            slots.Observe(registered, isEverybody, Now);
        else
            slots.Expire(Now);
        if (slots.IsComplete && !wasComplete)
            LogSlotsKnown(logger, PoolId, Now - _activatedAt);
    }

    private ImmutableDictionary<string, ImmutableDictionary<string, SlotHolding>> HoldingsOf(PoolDefinition definition)
    {
        var ids = definition.Backends.ToDictionary(static backend => backend.Key, static backend => backend.Id);
        return (_slots?.Uses() ?? [])
            .Where(use => ids.ContainsKey(use.Key) && (use.Leased | use.InUse | use.Waiting) != 0)
            .GroupBy(use => ids[use.Key])
            .ToImmutableDictionary(static backend => backend.Key, static backend => backend
                .GroupBy(static use => use.Owner.FrontendId)
                .ToImmutableDictionary(static frontend => frontend.Key, static frontend => Sum(frontend)));
    }

    // A restarted front-end appears once, with what is still counted of its former life.
    private static SlotHolding Sum(IEnumerable<SlotUse> uses) => uses.Aggregate(
        default(SlotHolding), static (sum, use) => new SlotHolding(sum.Leased + use.Leased, sum.InUse + use.InUse, sum.Waiting + use.Waiting));
}
