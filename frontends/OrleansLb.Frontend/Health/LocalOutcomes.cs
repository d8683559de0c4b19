using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Health;

/// <summary>This front-end's own outcomes, as a pool with this front-end alone in it has them. One caller at a time.</summary>
internal sealed class LocalOutcomes
{
    private const string Alone = "alone";

    private readonly FrontendPool _pool;
    private readonly PoolLoadMachine _load;
    private long _sequence;

    public LocalOutcomes(FrontendPool pool, TimeSpan now)
    {
        (_pool, _load) = (pool, new PoolLoadMachine(Alone, now));
        _load.SetRegistered([Alone]);
        Refresh(now);
    }

    /// <summary>What was counted until the last refreshment.</summary>
    public IPoolOutcomes Counted => _load;

    /// <summary>Takes in what was counted since.</summary>
    public void Refresh(TimeSpan now) => _load.Exchange(
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
