using OrleansLb.BenchProcesses.Growth;
using OrleansLb.Reports;
using ScottPlot;

namespace OrleansLb.EdgeBench.Soak;

/// <summary>Memory of each process over the run.</summary>
internal sealed class SoakPicture(IReadOnlyList<ProcessSample> samples) : IPicture
{
    private const int Width = 900;
    private const int Height = 420;

    public byte[] ToPng()
    {
        using var plot = new Plot();
        foreach (var process in samples.GroupBy(static sample => sample.Process))
        {
            var line = plot.Add.Scatter(process.Select(static sample => sample.At.TotalMinutes).ToArray(), process.Select(static sample => sample.Memory / 1e6).ToArray());
            line.LegendText = process.Key;
        }

        plot.Title("Memory over the run");
        plot.XLabel("minutes");
        plot.YLabel("MB");
        plot.Axes.SetLimitsY(0, samples.Max(static sample => sample.Memory) / 1e6 * 1.1);
        plot.ShowLegend(Alignment.LowerRight);
        return plot.GetImageBytes(Width, Height, ImageFormat.Png);
    }
}
