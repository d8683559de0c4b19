using System.Globalization;

namespace OrleansLb.Simulation.Statistics;

/// <summary>A mean over seeds, and how far the truth may be from it.</summary>
/// <param name="Value">The mean.</param>
/// <param name="HalfWidth">Half of its 95 % confidence interval; not a number for a single seed.</param>
public readonly record struct Estimate(double Value, double HalfWidth)
{
    /// <summary>The mean of independent values.</summary>
    /// <param name="values">One per seed.</param>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var mean = values.Average();
        return new Estimate(mean, HalfWidthOf([.. values.Select(value => value - mean)]));
    }

    /// <summary>
    /// The ratio of two means whose seeds belong together. What a seed does to both drops out, which makes the interval a
    /// good deal narrower than those of the two means.
    /// </summary>
    /// <param name="values">One per seed.</param>
    /// <param name="references">The other's, in the same order of seeds.</param>
    public static Estimate OfRatio(IReadOnlyList<double> values, IReadOnlyList<double> references)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(references);
        ArgumentOutOfRangeException.ThrowIfNotEqual(references.Count, values.Count);
        var (mean, reference) = (values.Average(), references.Average());
        var ratio = mean / reference;
        return new Estimate(ratio, HalfWidthOf([.. values.Select((value, i) => value - (ratio * references[i]))]) / reference);
    }

    /// <summary>The value and its uncertainty, as <c>0.646 ± 0.004</c>.</summary>
    /// <param name="format">Of both numbers.</param>
    public string ToString(string format) => double.IsFinite(HalfWidth)
        ? string.Create(CultureInfo.InvariantCulture, $"{Value.ToString(format, CultureInfo.InvariantCulture)} ± {HalfWidth.ToString(format, CultureInfo.InvariantCulture)}")
        : Value.ToString(format, CultureInfo.InvariantCulture);

    private static double HalfWidthOf(double[] deviations)
    {
        if (deviations.Length < 2)
            return double.NaN;
        var variance = deviations.Sum(static deviation => deviation * deviation) / (deviations.Length - 1);
        return StudentT.Quantile(deviations.Length - 1) * Math.Sqrt(variance / deviations.Length);
    }
}
