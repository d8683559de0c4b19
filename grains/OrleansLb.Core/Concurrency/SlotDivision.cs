namespace OrleansLb.Core.Concurrency;

/// <summary>
/// Divides a backend's slots among front-ends: first what they need, in proportion and at least one each; then what they used a short
/// while ago; of the rest one half in equal parts, so that a burst need not ask, and the other half stays with the pool, so that
/// whoever asks is not told to wait for others to give back.
/// </summary>
public static class SlotDivision
{
    /// <summary>Divides.</summary>
    /// <param name="limit">Slots that there are.</param>
    /// <param name="demands">The front-ends, in an order that lasts.</param>
    /// <param name="holders">Front-ends of the pool, whether or not they ask here.</param>
    /// <param name="phase">
    /// 0 to below 1; who has the larger part where parts are not whole. Moved on with time it gives each its part on average.
    /// </param>
    /// <param name="targets">Filled with the slots that each should have; their sum is at most the limit.</param>
    public static void Divide(int limit, ReadOnlySpan<SlotDemand> demands, int holders, double phase, Span<int> targets)
    {
        var (need, extra, claimants) = (0L, 0L, 0);
        foreach (ref readonly var demand in demands)
        {
            need += demand.Need;
            extra += demand.Extra;
            claimants += demand.Need > 0 ? 1 : 0;
        }

        if (claimants > limit)
            ByTurn(limit, demands, targets);
        else if (need > limit)
            ByNeed(limit, need, claimants, demands, phase, targets);
        else
            WithSpare(limit - need, extra, Math.Max(holders, demands.Length), demands, phase, targets);
    }

    private static void ByTurn(int limit, ReadOnlySpan<SlotDemand> demands, Span<int> targets)
    {
        var order = new List<(long Turn, int Index)>(demands.Length);
        for (var i = 0; i < demands.Length; i++)
        {
            targets[i] = 0;
            if (demands[i].Need > 0)
                order.Add((demands[i].Turn, i));
        }

        order.Sort();
        for (var place = 0; place < limit; place++)
            targets[order[place].Index] = 1;
    }

    private static void ByNeed(int limit, long need, int claimants, ReadOnlySpan<SlotDemand> demands, double phase, Span<int> targets)
    {
        var parts = new Proportion(limit - claimants, need - claimants, phase);
        for (var i = 0; i < demands.Length; i++)
            targets[i] = demands[i].Need > 0 ? 1 + parts.Next(demands[i].Need - 1) : 0;
    }

    private static void WithSpare(long spare, long extra, int holders, ReadOnlySpan<SlotDemand> demands, double phase, Span<int> targets)
    {
        var parts = new Proportion(Math.Min(spare, extra), extra, phase);
        var headroom = extra < spare ? (spare - extra) / 2 / holders : 0;
        for (var i = 0; i < demands.Length; i++)
            targets[i] = demands[i].Need + parts.Next(demands[i].Extra) + (int)headroom;
    }

    // Rounds the running sum and not each part, so that the parts add up to the whole.
    private struct Proportion(long whole, long total, double phase)
    {
        private readonly long _offset = (long)(phase * total);
        private long _sum;
        private long _given;

        public int Next(long part)
        {
            if (total == 0)
                return 0;
            _sum += part;
            var given = (long)((((Int128)whole * _sum) + _offset) / total);
            var next = (int)(given - _given);
            _given = given;
            return next;
        }
    }
}
