using System.Globalization;
using OrleansLb.Simulation.Statistics;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator.Experiments;

/// <summary>What cluster-wide least requests has to be worth.</summary>
internal static class Demands
{
    /// <summary>The interval at which sharing must pay, in service times.</summary>
    public const double Paying = 0.5;

    // At that interval: of the mean time of local least requests, and of local power of two.
    private const double OfLeastRequests = 0.85;
    private const double OfPowerOfTwo = 0.65;

    /// <summary>At every interval: of the mean time of the better of the two.</summary>
    public const double OfBetter = 1.03;

    /// <summary>Says which demands an outcome misses.</summary>
    /// <param name="demand">What is asked for.</param>
    /// <param name="where">Names the run.</param>
    /// <param name="interval">Exchange interval in service times.</param>
    /// <param name="outcome">What was measured.</param>
    /// <param name="references">The same without exchange.</param>
    public static IEnumerable<string> Check(Demand demand, string where, double interval, Outcome outcome, References references)
    {
        if (demand == Demand.None)
            yield break;
        if (demand == Demand.Pays && interval == Paying)
        {
            if (references.ToLeastRequests(outcome) is { Value: > OfLeastRequests } ratio)
                yield return Miss(where, ratio, "local least requests", OfLeastRequests);
            if (references.ToPowerOfTwo(outcome) is { Value: > OfPowerOfTwo } ratioOfTwo)
                yield return Miss(where, ratioOfTwo, "local power of two", OfPowerOfTwo);
        }

        foreach (var miss in CheckHarm(where, outcome, references))
            yield return miss;
    }

    /// <summary>Says whether an outcome is worse than without exchange.</summary>
    public static IEnumerable<string> CheckHarm(string where, Outcome outcome, References references)
    {
        if (references.ToBetter(outcome) is { Value: > OfBetter } harm)
            yield return Miss(where, harm, references.Better.Policy, OfBetter);
    }

    private static string Miss(string where, Estimate ratio, string of, double bar) =>
        $"{where}: {Cells.Ratio(ratio)} of {of}, where at most {bar.ToString(CultureInfo.InvariantCulture)} is asked for.";
}
