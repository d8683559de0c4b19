using OrleansLb.Simulation.Statistics;

namespace OrleansLb.Simulator.Experiments;

/// <summary>What choices of constants are worth beside the shipped ones, over many pools.</summary>
/// <param name="choices">How many; the first is the shipped one.</param>
internal sealed class ConstantsComparison(int choices)
{
    private readonly List<(string Pool, Estimate ToShipped)>[] _ratios = [.. Enumerable.Range(0, choices).Select(static _ => new List<(string, Estimate)>())];

    /// <summary>Takes in one pool.</summary>
    /// <param name="pool">Its name.</param>
    /// <param name="outcomes">One per choice.</param>
    public void Add(string pool, Outcome[] outcomes)
    {
        for (var choice = 0; choice < outcomes.Length; choice++)
            _ratios[choice].Add((pool, Estimate.OfRatio(outcomes[choice].Means, outcomes[0].Means)));
    }

    /// <summary>Geometric mean of the mean times relative to the shipped ones.</summary>
    public double Mean(int choice) => Math.Exp(_ratios[choice].Average(static ratio => Math.Log(ratio.ToShipped.Value)));

    /// <summary>The pool where the choice does best.</summary>
    public (string Pool, Estimate ToShipped) Best(int choice) => _ratios[choice].MinBy(static ratio => ratio.ToShipped.Value);

    /// <summary>The pool where it does worst.</summary>
    public (string Pool, Estimate ToShipped) Worst(int choice) => _ratios[choice].MaxBy(static ratio => ratio.ToShipped.Value);
}
