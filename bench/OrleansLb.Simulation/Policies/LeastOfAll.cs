using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>The least in flight per weight, with the request to place, and ties at random.</summary>
internal static class LeastOfAll
{
    public static int Pick(ReadOnlySpan<int> inFlight, Candidates candidates, ref PickRandom random)
    {
        var backends = candidates.Backends;
        var weights = candidates.Weights;
        var (best, least, ties) = (0, double.PositiveInfinity, 0);
        for (var i = 0; i < backends.Length; i++)
        {
            var load = (inFlight[backends[i]] + 1) / weights[i];
            if (load < least)
                (best, least, ties) = (i, load, 1);
            else if (load == least && random.Next(++ties) == 0)
                best = i;
        }

        return best;
    }
}
