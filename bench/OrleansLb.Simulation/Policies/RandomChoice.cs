using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

internal sealed class RandomChoice(ImmutableArray<double> weights) : IPickPolicy
{
    private readonly WeightedDraw _draw = new(weights);

    public int Pick(in PickSituation situation, ref PickRandom random) => _draw.Draw(ref random);
}
