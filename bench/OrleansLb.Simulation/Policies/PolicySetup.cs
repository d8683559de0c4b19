using System.Collections.Immutable;

namespace OrleansLb.Simulation.Policies;

/// <summary>What is fixed when a front-end starts.</summary>
/// <param name="Frontend">Its index.</param>
/// <param name="Frontends">How many there are.</param>
/// <param name="Weights">Configured weights of the backends.</param>
public sealed record PolicySetup(int Frontend, int Frontends, ImmutableArray<double> Weights);
