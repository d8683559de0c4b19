using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Health;

/// <summary>Looks for outliers by this front-end's own outcomes, with the machines that the cluster uses. One caller at a time.</summary>
internal sealed class LocalOutliers
{
    private const string Alone = "alone";

    private readonly FrontendPool _pool;
    private readonly OutlierMachine _machine = new();
    private readonly PoolLoadMachine _load;
    private long _sequence;

    public LocalOutliers(FrontendPool pool, TimeSpan now)
    {
        (_pool, _load) = (pool, new PoolLoadMachine(Alone, now));
        _load.SetRegistered([Alone]);
        Exchange(now);
        _machine.Configure(pool.Definition, _load, now);
    }

    /// <summary>Goes on from what the cluster last said of a backend.</summary>
    /// <returns>What holds of it from now on.</returns>
    public OutlierVerdict Resume(in BackendStatus status, TimeSpan now) => _machine.Resume(status.Key, status.ImpliedOutlier, now);

    /// <summary>What changed since the last look.</summary>
    public IReadOnlyList<OutlierChange> Judge(PoolEligibilityState state, TimeSpan now)
    {
        Exchange(now);
        return _machine.Judge(_load, state, now);
    }

    /// <summary>A pool with this front-end alone in it.</summary>
    private void Exchange(TimeSpan now) => _load.Exchange(
        new LoadReport
        {
            FrontendId = Alone,
            Incarnation = 1,
            Sequence = ++_sequence,
            BaseSequence = 0,
            AckedEpoch = PoolEpoch.None,
            AckedVersion = 0,
            Tau = ExchangePace.Slowest,
            Counters = default,
            Entries = [],
            Outcomes = [.. _pool.Slots.Select(static slot => slot.Outcomes)],
        },
        now);
}
