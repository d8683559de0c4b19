using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Backends;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Reporting;

/// <summary>
/// Exchanges load with one pool for as long as the process lives: a pool that leaves the configuration and returns finds the
/// sequence where it was, which the pool grain's fence asks for.
/// </summary>
internal sealed partial class PoolExchange(
    string poolId,
    FrontendIdentity identity,
    PoolTable pools,
    IClusterLink link,
    ClusterContact contact,
    PoolHealthFollower health,
    ExchangeMetrics metrics,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    // A pool that is not reachable because no silo has ever answered is looked at this often.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private const int MostGoodbyes = 3;

    private readonly LinkedGrain<IPoolGrain> _grain = new(link, poolId);
    private readonly FrontendLoadMachine _machine = new(identity.Id, identity.Incarnation);
    private readonly TrafficLedger _traffic = new();
    private readonly ExchangeSignal _signal = new(clock);
    private LoadEntry[] _own = [];
    private OutcomeEntry[] _outcomes = [];
    private FrontendPool? _pool;
    private TimeSpan _decayedAt;
    private TrafficCounters _counters;
    private bool _reported;
    private WireLoadRefusal _refusal;

    public async Task Run(CancellationToken stopping)
    {
        using var wake = stopping.Register(_signal.Raise);
        while (!stopping.IsCancellationRequested)
        {
            var due = Prepare() ? _machine.DueIn(_own, _counters, Now) : Pause;
            if (due > TimeSpan.Zero)
                await Sleep(due);
            else
                await Exchange(_grain.Grain!);
        }
    }

    /// <summary>Takes this front-end's counts out of the cluster's totals. Told again if nobody answers: else they would stay there until their leases end.</summary>
    public async Task Leave(CancellationToken cancellationToken)
    {
        var isTold = !_reported || contact.IsLost;
        for (var i = 0; i < MostGoodbyes && !isTold && !cancellationToken.IsCancellationRequested && _grain.Grain is { } grain; i++)
            isTold = await TryLeave(grain, cancellationToken);
    }

    private async Task<bool> TryLeave(IPoolGrain grain, CancellationToken cancellationToken)
    {
        try
        {
            await grain.Leave(identity.Id, identity.Incarnation).AsTask().WaitAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogFailed(logger, poolId, exception.Message);
            return false;
        }
    }

    /// <summary>Has the configuration looked at again.</summary>
    public void Look() => _signal.Raise();

    public void Dispose() => _signal.Dispose();

    private TimeSpan Now => clock.GetElapsedTime(0);

    /// <summary>Reads what is in flight.</summary>
    /// <returns>Whether there is anything to report to anybody.</returns>
    private bool Prepare()
    {
        if (!pools.Current.TryGetValue(poolId, out var pool))
        {
            (_pool, _own, _outcomes) = (null, [], []);
            return false;
        }

        Follow(pool);
        FadeFailures(pool);
        _counters = _traffic.Read(pool);
        pool.Retries.Observe(_counters.Arrivals, Now);
        for (var i = 0; i < _own.Length; i++)
            _own[i] = new LoadEntry(pool.Slots[i].Definition.Key, pool.Slots[i].Requests, pool.Slots[i].Connections);
        return link.Grains is not null;
    }

    private void Follow(FrontendPool pool)
    {
        if (ReferenceEquals(pool, _pool))
            return;
        _pool = pool;
        _own = new LoadEntry[pool.Slots.Length];
        _outcomes = new OutcomeEntry[pool.Slots.Length];
        _machine.SetBackends(pool.Keys);
    }

    private void FadeFailures(FrontendPool pool)
    {
        var now = Now;
        var service = _machine.View.Traffic.MeanServiceTime;
        foreach (var slot in pool.Slots)
            slot.FadeFailures(now - _decayedAt, service > TimeSpan.Zero ? service : TimeSpan.FromSeconds(1));
        _decayedAt = now;
    }

    private Task Sleep(TimeSpan due)
    {
        var held = _pool is null ? TimeSpan.Zero : _machine.HeldFor(Now);
        for (var i = 0; _pool is not null && i < _own.Length; i++)
            Watch(_pool.Slots[i], _own[i], held > TimeSpan.Zero);

        if (held > TimeSpan.Zero)
            return _signal.Wait(held < due ? held : due);
        if (_pool is null)
            return _signal.Wait(Timeout.InfiniteTimeSpan);
        // Front-ends that began together drift apart.
        var jitter = 0.9 + (0.2 * Random.Shared.NextDouble());
        return _signal.Wait(due * jitter);
    }

    /// <summary>Lets the slot wake this loop when its count has moved far from what was last sent; not when that is known already, or when there is nothing to be done about it yet.</summary>
    private void Watch(BackendSlot slot, in LoadEntry own, bool isHeld)
    {
        var sent = _machine.SentTo(own.Key).Requests;
        var move = ExchangePace.UrgentMove(sent);
        if (!isHeld && (_machine.WantsNews || _machine.IsResting) && Math.Abs(own.Requests - sent) < move)
            slot.Watch(sent - move, sent + move, _signal.Raise);
        else
            slot.Unwatch();
    }

    private async Task Exchange(IPoolGrain grain)
    {
        for (var i = 0; i < _outcomes.Length; i++)
            _outcomes[i] = _pool!.Slots[i].Outcomes;
        var traffic = _traffic.Read(_pool!);
        var retries = _pool!.Retries.Read(traffic.Arrivals, _pool.Definition.Retry, _machine.View.Traffic.Fleet, Now);
        var report = _machine.Report(_own, _outcomes, traffic, Now) with { Retries = retries };
        var started = clock.GetTimestamp();
        try
        {
            var reply = await grain.Exchange(report.ToWire());
            contact.Made();
            _reported = true;
            Note(reply.Refusal);
            _machine.Accept(reply.ToModel());
            _pool!.Load.View = _machine.View;
            health.Offer(poolId, reply.EligibilityEpoch, reply.EligibilityVersion);
            metrics.Exchanged(poolId, clock.GetElapsedTime(started));
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            _machine.Abandon(report.Sequence);
            metrics.Failed(poolId, exception);
            LogFailed(logger, poolId, exception.Message);
        }
    }

    /// <summary>A pool that refuses reports answers them too, but does not count what is in flight here.</summary>
    private void Note(WireLoadRefusal refusal)
    {
        if (refusal != WireLoadRefusal.None)
            metrics.Refused(poolId);
        if (refusal != WireLoadRefusal.None && refusal != _refusal)
            LogRefused(logger, poolId, refusal);
        _refusal = refusal;
    }
}
