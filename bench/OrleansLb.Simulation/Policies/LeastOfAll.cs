using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>The least in flight per weight, with the request to place, and ties at random.</summary>
internal static class LeastOfAll
{
    public static int Pick(ReadOnlySpan<int> inFlight, ReadOnlySpan<double> weights, ref PickRandom random)
    {
        var (best, least, ties) = (0, double.PositiveInfinity, 0);
        for (var i = 0; i < inFlight.Length; i++)
        {
            var load = (inFlight[i] + 1) / weights[i];
            if (load < least)
                (best, least, ties) = (i, load, 1);
            else if (load == least && random.Next(++ties) == 0)
                best = i;
        }

        return best;
    }
}
