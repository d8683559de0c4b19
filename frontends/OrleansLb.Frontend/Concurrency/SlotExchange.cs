using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Reporting;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>
/// Exchanges slots with one pool that has, or had, a limit of concurrency or agents that may say one. While no backend has a limit nothing is exchanged. It lives as long as the process: a pool that loses its limit and gets it again
/// finds the sequence where it was.
/// </summary>
internal sealed partial class SlotExchange(
    string poolId,
    FrontendIdentity identity,
    PoolTable pools,
    IClusterLink link,
    ClusterContact contact,
    IAvailableBackends backends,
    SlotMetrics metrics,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    private readonly LinkedGrain<IPoolGrain> _grain = new(link, poolId);
    private readonly SlotHolder _holder = new(identity.Id, identity.Incarnation, clock.GetElapsedTime(0));
    private readonly ExchangeSignal _signal = new(clock);
    private FrontendPool? _pool;
    private int?[] _limits = [];
    private int[] _waiting = [];
    private bool _wasAnswered;
    private bool _wasAlone;
    private bool _gaveNothing;

    public async Task Run(CancellationToken stopping)
    {
        using var wake = stopping.Register(_signal.Raise);
        while (!stopping.IsCancellationRequested)
        {
            if (Prepare() is not { } due)
                await _signal.Wait(Timeout.InfiniteTimeSpan);
            else if (due > TimeSpan.Zero)
                await _signal.Wait(due);
            else
                await Exchange();
        }
    }

    /// <summary>Has the configuration looked at again.</summary>
    public void Look() => _signal.Raise();

    /// <summary>Gives everything back.</summary>
    public async Task Leave(CancellationToken cancellationToken)
    {
        if (!_wasAnswered || contact.IsLost || _grain.Grain is not { } grain)
            return;
        try
        {
            await grain.ExchangeSlots(_holder.Begin([], isLeaving: true, Now).ToWire()).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // The pool notices when the lease ends.
            LogFailed(logger, poolId, exception.Message);
        }
    }

    public void Dispose() => _signal.Dispose();

    private TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>Follows the configuration and the end of leases.</summary>
    /// <returns>
    /// Time until the next report is due; <see langword="null"/> while there is nothing to report. No time stands for that: a report that is overdue by one millisecond has the value of
    /// <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </returns>
    private TimeSpan? Prepare()
    {
        if (!pools.Current.TryGetValue(poolId, out var pool) || pool.Definition.Concurrency is not { } definition)
        {
            Release();
            return null;
        }

        if (!ReferenceEquals(pool, _pool) || HaveLimitsMoved(pool, definition))
            Follow(pool, definition);
        EndLease(definition);
        // The front-end may just have gone on alone, or a backend may be available again.
        if (pool.Admission.Waiting > 0)
            pool.Admission.Serve();
        if (!_holder.IsLimited)
            return null;
        if (link.Grains is null)
            return SlotPace.Retry;
        // Front-ends that began together drift apart.
        var jitter = 0.9 + (0.2 * Random.Shared.NextDouble());
        return _holder.SentAt + (jitter * SlotPace.Interval(News, _holder.Activity(), pool.Admission.Unserved)) - Now;
    }

    // Requests that wait although nobody lacks slots wait for something else, which more reports do not bring.
    private SlotNews News => _holder.News == SlotNews.None && _gaveNothing ? SlotNews.Scarce : _holder.News;

    private void Follow(FrontendPool pool, ConcurrencyDefinition definition)
    {
        _pool = pool;
        _waiting = new int[pool.Slots.Length];
        _limits = LimitsOf(pool.Health, definition);
        _holder.Configure(definition.WhenUnreachable, [.. pool.Slots.Zip(_limits, static (slot, limit) => new SlotPlace(slot.Definition.Key, slot.Gate, limit))], Now);
        if (contact.IsLost && _holder is { IsLimited: true, IsAlone: false })
            _holder.GoAlone();
        pool.Admission.Follow(pool, _holder, backends, clock, _signal.Raise);
    }

    private void Release()
    {
        if (_pool is not { } pool)
            return;
        _pool = null;
        _holder.Configure(WhenUnreachable.Share, [], Now);
        pool.Admission.Dissolve();
    }

    private bool HaveLimitsMoved(FrontendPool pool, ConcurrencyDefinition definition)
    {
        var statuses = pool.Health.Statuses;
        for (var i = 0; i < statuses.Length; i++)
        {
            if (SlotLimit.Of(definition, statuses[i].Agent) != _limits[i])
                return true;
        }

        return false;
    }

    private static int?[] LimitsOf(PoolHealthView health, ConcurrencyDefinition definition)
    {
        var limits = new int?[health.Statuses.Length];
        for (var i = 0; i < limits.Length; i++)
            limits[i] = SlotLimit.Of(definition, health.Statuses[i].Agent);
        return limits;
    }

    private void EndLease(ConcurrencyDefinition definition)
    {
        _holder.Lapse(Now);
        if (_holder.IsAlone == _wasAlone)
            return;
        _wasAlone = _holder.IsAlone;
        if (_wasAlone)
            LogAlone(logger, poolId, definition.WhenUnreachable, Math.Max(1, _holder.ShareParts));
        else
            LogLeased(logger, poolId);
    }

    private async Task Exchange()
    {
        var pool = _pool!;
        pool.Admission.CountWaiting(_waiting);
        var report = _holder.Begin(_waiting, isLeaving: false, Now);
        try
        {
            var reply = await _grain.Grain!.ExchangeSlots(report.ToWire());
            contact.Made();
            Take(pool, reply);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            _holder.Abandon();
            metrics.Reported(poolId, isAnswered: false);
            LogFailed(logger, poolId, exception.Message);
        }
    }

    private void Take(FrontendPool pool, SlotReply? reply)
    {
        var isAnswered = reply is not null && _holder.TryAccept(reply.ToModel(), Now);
        metrics.Reported(poolId, isAnswered);
        if (!isAnswered)
        {
            _holder.Abandon();
            return;
        }

        _wasAnswered = true;
        pool.Admission.Serve();
        _gaveNothing = pool.Admission.Waiting > 0;
    }
}
