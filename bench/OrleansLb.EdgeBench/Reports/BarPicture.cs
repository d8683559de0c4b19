using OrleansLb.Reports;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace OrleansLb.EdgeBench.Reports;

/// <summary>A bar for each who is compared: the median, and a line from the least to the most.</summary>
/// <param name="title">What it shows.</param>
/// <param name="up">What the values are.</param>
/// <param name="bars">Names and figures.</param>
internal sealed class BarPicture(string title, string up, IReadOnlyList<(string Name, Spread Figure)> bars) : IPicture
{
    private const int Width = 900;
    private const int Height = 420;

    public byte[] ToPng()
    {
        using var plot = new Plot();
        var places = Enumerable.Range(0, bars.Count).Select(static i => (double)i).ToArray();
        var medians = bars.Select(static bar => bar.Figure.Median).ToArray();
        plot.Add.Bars(places, medians);
        for (var i = 0; i < bars.Count; i++)
        {
            var range = plot.Add.Line(places[i], bars[i].Figure.Least, places[i], bars[i].Figure.Most);
            range.Color = Colors.Black;
            range.LineWidth = 2;
        }

        plot.Title(title);
        plot.YLabel(up);
        plot.Axes.Bottom.TickGenerator = new NumericManual(places, [.. bars.Select(static bar => bar.Name.Replace(", ", ",\n", StringComparison.Ordinal))]);
        plot.Axes.SetLimitsY(0, bars.Max(static bar => bar.Figure.Most) * 1.08);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
