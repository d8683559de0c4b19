using System.Collections.Immutable;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Concurrency.Adaptive;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Grains.Backends;

/// <summary>Limits that adapt: what answers take, over all front-ends, decides how many requests a backend gets at once.</summary>
internal sealed partial class PoolGrain
{
    private static readonly TimeSpan AdaptivePeriod = TimeSpan.FromMilliseconds(250);

    private readonly AdaptiveLimits _adaptive = new(Random.Shared);
    private TimeSpan _adaptedAt;

    /// <summary>Goes over to another definition of the pool.</summary>
    private void FollowAdaptive(PoolDefinition definition)
    {
        _adaptive.Configure(definition.Concurrency?.Adaptive, definition.Backends.Select(static backend => backend.Key).ToHashSet());
        // Of those that are left it is shown again in a moment.
        concurrencyMetrics.Hide(PoolId);
    }

    /// <summary>The limit of now; <see langword="null"/> while it is not known what front-ends were granted before the pool moved.</summary>
    private int? BeginAdaptive(BackendKey key, int most)
    {
        if (_slots is { IsComplete: true } slots)
            _adaptive.Begin(key, most, (int)Math.Min(slots.OccupiedOf(key), most), Now);
        return _adaptive.StandingOf(key)?.Limit;
    }

    /// <summary>Called with each exchange of load, which many front-ends have many times a second.</summary>
    private void JudgeAdaptive()
    {
        if (_watched is not { Concurrency: { Adaptive: not null } concurrency } definition || Now - _adaptedAt < AdaptivePeriod)
            return;
        _adaptedAt = Now;
        foreach (var backend in definition.Backends)
            JudgeAdaptive(backend, concurrency);
    }

    private void JudgeAdaptive(BackendDefinition backend, ConcurrencyDefinition concurrency)
    {
        var key = backend.Key;
        if (_adaptive.StandingOf(key) is not { } before)
            return;
        _adaptive.Look(key, MostOf(concurrency, key) ?? SlotLimit.Most, Load.OutcomesOf(key), Load.TotalOf(key).Requests, Now);
        if (_adaptive.StandingOf(key) is not { } standing)
            return;
        concurrencyMetrics.Show(PoolId, backend.Id, standing.Limit);
        if (before.Quickest != standing.Quickest)
            LogMeasured(logger, PoolId, backend.Id, standing.Quickest.TotalMilliseconds, standing.Limit);
    }

    private SlotAnswer? TellLimits(SlotAnswer? answer) =>
        answer is null ? null : answer with { Grants = Array.ConvertAll(answer.Grants, grant => grant with { Limit = _adaptive.StandingOf(grant.Key)?.Limit ?? 0 }) };

    private ImmutableDictionary<string, AdaptiveLimitStatus>? AdaptiveOf(PoolDefinition definition) => definition.Concurrency?.Adaptive is null ? null : definition.Backends
        .Select(backend => (backend.Id, Standing: _adaptive.StandingOf(backend.Key)))
        .Where(static each => each.Standing is not null)
        .ToImmutableDictionary(static each => each.Id, static each => StatusOf(each.Standing!.Value));

    private static AdaptiveLimitStatus StatusOf(in AdaptiveStanding standing) => new(standing.Quickest, standing.Recent, standing.Phase != AdaptivePhase.Following);
}
