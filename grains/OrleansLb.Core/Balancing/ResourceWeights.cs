namespace OrleansLb.Core.Balancing;

/// <summary>
/// Weights of a pool whose backends report their load. Those not believed, for lack of reports or for their age, get the mean of the others. The pick
/// is a <see cref="WeightedRoundRobinSchedule"/> or an <see cref="AliasTable"/> over these weights, built anew every second or so.
/// </summary>
public static class ResourceWeights
{
    /// <summary>Works out the weights.</summary>
    /// <param name="loads">Per backend what it reported.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="rules">How reports are taken.</param>
    /// <param name="weights">Receives a positive weight for each; at least as long. All the same when fewer than two backends are believed.</param>
    public static void Fill(ReadOnlySpan<ResourceLoad> loads, TimeSpan now, ResourceLoadRules rules, Span<double> weights)
    {
        var (sum, known) = (0.0, 0);
        for (var i = 0; i < loads.Length; i++)
        {
            weights[i] = PickWeight.Of(loads[i].Read(now, rules));
            sum += weights[i];
            known += weights[i] > 0 ? 1 : 0;
        }

        var mean = known > 0 ? sum / known : 1;
        for (var i = 0; i < loads.Length; i++)
        {
            if (weights[i] <= 0)
                weights[i] = mean;
        }
    }
}
