using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;
using OrleansLb.Simulation.Statistics;

namespace OrleansLb.Simulator.Experiments;

/// <summary>What a lone balancer does, in one scenario. It does not depend on staleness, so it is run once.</summary>
internal sealed class References
{
    public References(Effort effort, Scenario scenario)
    {
        LeastRequests = effort.Replications.Run(scenario, PolicyCatalogue.LocalLeastRequests);
        PowerOfTwo = effort.Replications.Run(scenario, PolicyCatalogue.LocalPowerOfTwo);
    }

    public Outcome LeastRequests { get; }

    public Outcome PowerOfTwo { get; }

    /// <summary>The better one.</summary>
    public Outcome Better => LeastRequests.Mean.Value <= PowerOfTwo.Mean.Value ? LeastRequests : PowerOfTwo;

    /// <summary>Mean time relative to local least requests.</summary>
    public Estimate ToLeastRequests(Outcome outcome) => Estimate.OfRatio(outcome.Means, LeastRequests.Means);

    /// <summary>Mean time relative to local power of two.</summary>
    public Estimate ToPowerOfTwo(Outcome outcome) => Estimate.OfRatio(outcome.Means, PowerOfTwo.Means);

    /// <summary>Mean time relative to the better one.</summary>
    public Estimate ToBetter(Outcome outcome) => Estimate.OfRatio(outcome.Means, Better.Means);
}
