using System.Collections.Immutable;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>The one of two that would have less in flight per weight, with the request to place; a tie is the first's, which was drawn at random.</summary>
internal sealed class BetterOfTwo(ImmutableArray<double> weights)
{
    private readonly WeightedDraw _draw = new(weights);

    public int Pick(ReadOnlySpan<int> inFlight, ref PickRandom random)
    {
        var (first, second) = _draw.DrawTwo(ref random);
        return (inFlight[second] + 1) / weights[second] < (inFlight[first] + 1) / weights[first] ? second : first;
    }
}
