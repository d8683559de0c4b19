using OrleansLb.Reports;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace OrleansLb.Simulator.Reports;

/// <summary>Lines over steps that are named, not measured: staleness runs from 0 to 10 and matters most near 0.</summary>
/// <param name="title">What it shows.</param>
/// <param name="across">What the steps are.</param>
/// <param name="up">What the values are.</param>
/// <param name="steps">Their names.</param>
/// <param name="rises">Whether lines end high, so that the legend belongs where they begin.</param>
internal sealed class Picture(string title, string across, string up, IReadOnlyList<string> steps, bool rises = false) : IPicture
{
    private const int Width = 900;
    private const int Height = 520;

    private readonly List<(string Name, double[] Values)> _lines = [];

    /// <summary>Adds a line.</summary>
    /// <param name="name">As the legend calls it.</param>
    /// <param name="values">One per step.</param>
    public void Add(string name, IReadOnlyList<double> values) => _lines.Add((name, [.. values]));

    public byte[] ToPng()
    {
        using var plot = new Plot();
        var places = Enumerable.Range(0, steps.Count).Select(static i => (double)i).ToArray();
        foreach (var (name, values) in _lines)
        {
            var line = plot.Add.Scatter(places, values);
            line.LegendText = name;
            line.LineWidth = 2;
            line.MarkerSize = 6;
        }

        plot.Title(title);
        plot.XLabel(across);
        plot.YLabel(up);
        plot.Axes.Bottom.TickGenerator = new NumericManual(places, [.. steps]);
        plot.Axes.SetLimitsY(0, _lines.Max(static line => line.Values.Max()) * 1.08);
        plot.ShowLegend(rises ? Alignment.UpperLeft : Alignment.LowerRight);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
