using OrleansLb.Contracts.Draining;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Draining;

/// <summary>Tells pools what this front-end still has at backends that drain, and cuts it off when a pool says that its time is over.</summary>
internal sealed class BackendDrains(PoolTable pools, DrainMetrics metrics)
{
    /// <summary>Answers for the backends that this front-end knows; what it knows nothing of it may yet learn and send something to.</summary>
    public DrainReport[] Report(DrainQuery query)
    {
        if (!pools.Current.TryGetValue(query.PoolId, out var pool))
            return [];
        var reports = new List<DrainReport>(query.Backends.Length);
        foreach (var question in query.Backends)
        {
            var index = pool.Keys.IndexOf(new Core.BackendKey(question.BackendKey));
            if (index >= 0)
                reports.Add(Report(pool, index, question));
        }

        return [.. reports];
    }

    private DrainReport Report(FrontendPool pool, int index, in DrainQuestion question)
    {
        var slot = pool.Slots[index];
        if (question.CutOff && slot.Exchanges.CutOff() is > 0 and var cut)
            metrics.CutOff(pool.Definition.Id, slot.Definition.Id, cut);

        // Closed first: whatever was on its way before is in the counts by the next time.
        var health = pool.Health;
        var isClosed = health.IsInformed && !health.TakesNew(index) && !health.TakesPinned(index);
        return new DrainReport(question.BackendKey, slot.Requests, slot.Connections, slot.Traffic.Arrivals, isClosed);
    }
}
