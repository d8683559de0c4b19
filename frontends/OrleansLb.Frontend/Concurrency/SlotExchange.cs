using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Reporting;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>
/// Exchanges slots with one pool that has, or had, a limit of concurrency. It lives as long as the process: a pool that loses its limit and gets it again
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
    private readonly SlotHolder _holder = new(identity.Id, identity.Incarnation, clock.GetElapsedTime(0));
    private readonly ExchangeSignal _signal = new(clock);
    private FrontendPool? _pool;
    private int[] _waiting = [];
    private bool _wasAnswered;
    private bool _wasAlone;
    private bool _gaveNothing;
    private bool _isReleased;

    public async Task Run(CancellationToken stopping)
    {
        using var wake = stopping.Register(_signal.Raise);
        while (!stopping.IsCancellationRequested)
        {
            var due = Prepare();
            if (due == Timeout.InfiniteTimeSpan || due > TimeSpan.Zero)
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
        if (!_wasAnswered || contact.IsLost || link.Grains is not { } grains)
            return;
        try
        {
            await grains.GetGrain<IPoolGrain>(poolId).ExchangeSlots(_holder.Begin([], isLeaving: true, Now).ToWire()).AsTask().WaitAsync(cancellationToken);
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
    /// <returns>Time until the next report is due.</returns>
    private TimeSpan Prepare()
    {
        if (!pools.Current.TryGetValue(poolId, out var pool) || pool.Definition.Concurrency is not { } definition)
        {
            Release();
            return Timeout.InfiniteTimeSpan;
        }

        if (!ReferenceEquals(pool, _pool))
            Follow(pool, definition);
        EndLease(definition);
        // The front-end may just have gone on alone, or a backend may be available again.
        if (pool.Admission.Waiting > 0)
            pool.Admission.Serve();
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
        // What it had while there was no limit is no lease.
        if (_isReleased)
            _holder.Restart(Now);
        _isReleased = false;
        _pool = pool;
        _waiting = new int[pool.Slots.Length];
        _holder.Configure(definition, [.. pool.Slots.Select(static slot => (slot.Definition.Key, slot.Gate))]);
        pool.Admission.Follow(pool, _holder, backends, clock, _signal.Raise);
    }

    private void Release()
    {
        if (_pool is not { } pool)
            return;
        (_pool, _isReleased) = (null, true);
        _holder.Configure(new ConcurrencyDefinition { MaxRequestsPerBackend = 1 }, []);
        pool.Admission.Dissolve();
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
            var reply = await link.Grains!.GetGrain<IPoolGrain>(poolId).ExchangeSlots(report.ToWire());
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
