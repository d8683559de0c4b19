using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class LocalPowerOfTwo(ImmutableArray<double> weights) : IPickPolicy
{
    private readonly BetterOfTwo _better = new(weights);

    public int Pick(in PickSituation situation, ref PickRandom random) => _better.Pick(situation.Own, ref random);
}
