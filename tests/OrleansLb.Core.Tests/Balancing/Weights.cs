using CsCheck;
using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Tests.Balancing;

/// <summary>Weights and loads for tests of pickers.</summary>
internal static class Weights
{
    private static readonly double[] Odd =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, -1, double.Epsilon, double.MaxValue, double.MinValue];

    /// <summary>Numbers of every kind that a wrong configuration or a broken report might bring.</summary>
    internal static readonly Gen<double> GenAnything = Gen.OneOf(
        Gen.Double[0, 1000],
        Gen.Double,
        Gen.Int[0, Odd.Length - 1].Select(static i => Odd[i]));

    /// <summary>Some of them 0.</summary>
    internal static readonly Gen<double[]> GenUsable = Gen.OneOf(Gen.Double[0.01, 1000], Gen.Int[0, 5].Select(static weight => (double)weight)).Array[1, 40];

    /// <summary>Random whole weights, the same for the same seed.</summary>
    internal static double[] Whole(ulong seed, int count, int most)
    {
        var random = new PickRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 1.0 + random.Next(most))];
    }

    internal static double[] Usable(double[] weights)
    {
        var usable = new double[weights.Length];
        PickWeight.Fill(weights, usable);
        return usable;
    }
}
