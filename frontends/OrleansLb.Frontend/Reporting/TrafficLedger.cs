using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Reporting;

/// <summary>A pool's traffic out of its slots' counters; it only grows, also when slots come and go.</summary>
internal sealed class TrafficLedger
{
    private readonly Dictionary<BackendKey, TrafficCounters> _seen = [];
    private TrafficCounters _sum;

    public TrafficCounters Read(FrontendPool pool)
    {
        foreach (var slot in pool.Slots)
            Add(slot);
        if (_seen.Count > pool.Slots.Length)
            Forget(pool);
        return _sum;
    }

    private void Add(BackendSlot slot)
    {
        var now = slot.Traffic;
        var before = _seen.GetValueOrDefault(slot.Definition.Key);
        // Counters that belong together are not read at one instant; what is missing now is there the next time.
        var grown = new TrafficCounters(
            Math.Max(now.Arrivals, before.Arrivals),
            Math.Max(now.Completions, before.Completions),
            now.ServiceTime > before.ServiceTime ? now.ServiceTime : before.ServiceTime);
        _seen[slot.Definition.Key] = grown;
        _sum = new TrafficCounters(
            _sum.Arrivals + grown.Arrivals - before.Arrivals,
            _sum.Completions + grown.Completions - before.Completions,
            _sum.ServiceTime + grown.ServiceTime - before.ServiceTime);
    }

    private void Forget(FrontendPool pool)
    {
        foreach (var key in _seen.Keys.Except(pool.Slots.Select(static slot => slot.Definition.Key)).ToArray())
            _seen.Remove(key);
    }
}
