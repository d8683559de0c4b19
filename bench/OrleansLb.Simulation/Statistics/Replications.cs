using OrleansLb.Simulation.Meters;
using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Statistics;

/// <summary>Runs a scenario with seed after seed, on several cores; which core runs what changes nothing.</summary>
/// <param name="seeds">How many; they are 1, 2 and so on for every policy, so that all meet the same requests.</param>
/// <param name="cores">Runs at a time.</param>
public sealed class Replications(int seeds, int cores)
{
    private long _combinations;

    /// <summary>Pairs of a front-end and a backend that were run so far.</summary>
    public long Combinations => Interlocked.Read(ref _combinations);

    /// <summary>Runs one policy.</summary>
    /// <param name="scenario">What happens.</param>
    /// <param name="policy">How front-ends pick.</param>
    public Outcome Run(Scenario scenario, PolicyChoice policy)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(policy);
        Interlocked.Add(ref _combinations, (long)seeds * scenario.Frontends * scenario.Backends.Length);
        var runs = new RunResult[seeds];
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = cores }, i => runs[i] = ClusterSimulation.Run(scenario, policy, (ulong)i + 1));
        return new Outcome(policy.Name, runs);
    }
}
