using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>The one of two that would have less in flight per weight, with the request to place; a tie is the first's, which was drawn at random.</summary>
internal static class BetterOfTwo
{
    public static int Pick(ReadOnlySpan<int> inFlight, Candidates candidates, ref PickRandom random)
    {
        var (first, second) = candidates.Draw.DrawTwo(ref random);
        var backends = candidates.Backends;
        var weights = candidates.Weights;
        return (inFlight[backends[second]] + 1) / weights[second] < (inFlight[backends[first]] + 1) / weights[first] ? second : first;
    }
}
