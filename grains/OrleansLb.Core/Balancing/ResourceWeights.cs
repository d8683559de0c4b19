namespace OrleansLb.Core.Balancing;

/// <summary>
/// Weights of a pool whose backends report their load. Those not believed, for lack of reports or for their age, get the mean of the others. The pick
/// is a <see cref="WeightedRoundRobinSchedule"/> or an <see cref="AliasTable"/> over these weights, built anew every second or so.
/// </summary>
public static class ResourceWeights
{
    private const int FewestToCompare = 2;

    /// <summary>Works out the weights.</summary>
    /// <param name="loads">Per backend what it reported.</param>
    /// <param name="configured">
    /// Per backend its weight as configured, positive. These are the weights while fewer than two backends are believed, because one report says nothing of
    /// the others; else they do not count: a measured capacity takes the place of an expected one.
    /// </param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="rules">How reports are taken.</param>
    /// <param name="weights">Receives a positive weight for each; at least as long.</param>
    public static void Fill(ReadOnlySpan<ResourceLoad> loads, ReadOnlySpan<double> configured, TimeSpan now, ResourceLoadRules rules, Span<double> weights)
    {
        var (sum, known) = (0.0, 0);
        for (var i = 0; i < loads.Length; i++)
        {
            weights[i] = PickWeight.Of(loads[i].Read(now, rules));
            sum += weights[i];
            known += weights[i] > 0 ? 1 : 0;
        }

        if (known < FewestToCompare)
        {
            configured.CopyTo(weights);
            return;
        }

        for (var i = 0; i < loads.Length; i++)
        {
            if (weights[i] <= 0)
                weights[i] = sum / known;
        }
    }
}
