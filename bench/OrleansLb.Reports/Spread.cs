using System.Globalization;

namespace OrleansLb.Reports;

/// <summary>One figure, measured several times.</summary>
/// <param name="Median">Its median: half of the measurements are not above it.</param>
/// <param name="Least">The least of them.</param>
/// <param name="Most">The most of them.</param>
public sealed record Spread(double Median, double Least, double Most)
{
    /// <summary>The spread of some measurements.</summary>
    /// <param name="figures">At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Spread Of(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        if (sorted.Length == 0)
            throw new ArgumentException("Nothing was measured.", nameof(figures));
        return new Spread((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>How many times a figure is another one, turn by turn: what slows the machine down for a while slows both.</summary>
    /// <param name="figures">The figure, in the order of the turns.</param>
    /// <param name="others">The other one, in the same order.</param>
    /// <exception cref="ArgumentException">They are not equally many.</exception>
    public static Spread Ratio(IReadOnlyList<double> figures, IReadOnlyList<double> others)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(others);
        if (figures.Count != others.Count)
            throw new ArgumentException($"{figures.Count} turns cannot be paired with {others.Count}.", nameof(others));
        return Of(figures.Zip(others, static (figure, other) => figure / other));
    }

    /// <summary>As tables show it: <c>median (least-most)</c>.</summary>
    /// <param name="format">Format of each number.</param>
    public string ToString(string format) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Least.ToString(format, CultureInfo.InvariantCulture)}-{Most.ToString(format, CultureInfo.InvariantCulture)})");
}
