using OrleansLb.Chaos.Plans;
using OrleansLb.Chaos.Verdicts;
using OrleansLb.Reports;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace OrleansLb.ChaosRun.Reports;

/// <summary>Requests a second, failures and times over the run, with the faults as coloured spans.</summary>
internal sealed class ChaosPicture(RunRecord run, IReadOnlyList<TimelinePiece> timeline) : IPicture
{
    private const int Width = 1400;
    private const int Height = 900;

    // The same for all three, so that a second is at the same place in each.
    private const int LeftWidth = 70;

    // Names of more faults would cover each other.
    private const int MostNames = 40;

    private readonly double[] _seconds = [.. timeline.Select(static piece => piece.At.TotalSeconds)];

    public byte[] ToPng()
    {
        var pictures = new Multiplot();
        pictures.AddPlots(3);
        DrawRequests(pictures.GetPlot(0));
        DrawFailures(pictures.GetPlot(1));
        DrawTimes(pictures.GetPlot(2));
        foreach (var plot in pictures.GetPlots())
        {
            DrawFaults(plot);
            plot.Axes.SetLimitsX(0, run.Length.TotalSeconds);
            (plot.Axes.Left.MinimumSize, plot.Axes.Left.MaximumSize) = (LeftWidth, LeftWidth);
            plot.ShowLegend(Alignment.LowerRight);
        }

        NameFaults(pictures.GetPlot(0));
        return pictures.Render(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private void DrawRequests(Plot plot)
    {
        AddLine(plot, "answered by a backend", timeline.Select(static piece => (double)piece.Answered), Colors.Green);
        AddLine(plot, "refused by a limit", timeline.Select(static piece => (double)piece.Refused), Colors.SteelBlue);
        plot.Title("Requests a second");
        // Room for the names of the faults.
        plot.Axes.SetLimitsY(0, Math.Max(1, timeline.Max(static piece => piece.Sent)) * 1.9);
    }

    private void DrawFailures(Plot plot)
    {
        AddLine(plot, "in flight at what was killed, cut or frozen", timeline.Select(static piece => (double)piece.Explained), Colors.Orange);
        AddLine(plot, "not explained", timeline.Select(static piece => (double)piece.Failed), Colors.Red);
        plot.Title("Failed requests a second");
        plot.Axes.SetLimitsY(0, Math.Max(5, timeline.Max(static piece => Math.Max(piece.Explained, piece.Failed)) * 1.2));
    }

    private void DrawTimes(Plot plot)
    {
        AddLine(plot, "99 of 100 within", timeline.Select(static piece => Log(piece.P99)), Colors.Purple);
        AddLine(plot, "half within", timeline.Select(static piece => Log(piece.Median)), Colors.Gray);
        plot.Title("Time from when a request was due to its answer");
        plot.XLabel("seconds of the run");
        double[] decades = [-1, 0, 1, 2, 3, 4];
        plot.Axes.Left.TickGenerator = new NumericManual(decades, ["0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s"]);
        plot.Axes.SetLimitsY(decades[0], decades[^1] + 0.5);
    }

    private void AddLine(Plot plot, string name, IEnumerable<double> values, Color color)
    {
        var line = plot.Add.Scatter(_seconds, values.ToArray(), color);
        (line.LegendText, line.MarkerSize, line.LineWidth) = (name, 0, 2);
    }

    private void DrawFaults(Plot plot)
    {
        foreach (var fault in run.Faults)
        {
            var color = ColorOf(fault.Planned.Trait.Area);
            AddSpan(plot, fault.Began, fault.Ended, color.WithAlpha(0.35));
            // Paler until the cluster was whole again.
            AddSpan(plot, fault.Ended, fault.Over, color.WithAlpha(0.12));
        }
    }

    private static void AddSpan(Plot plot, TimeSpan from, TimeSpan to, Color color)
    {
        var span = plot.Add.HorizontalSpan(from.TotalSeconds, to.TotalSeconds, color);
        span.LineStyle.Width = 0;
    }

    private void NameFaults(Plot plot)
    {
        var top = plot.Axes.GetLimits().Top;
        foreach (var fault in run.Faults.Take(run.Faults.Count <= MostNames ? MostNames : 0))
        {
            // What it was in detail is on the page.
            var text = plot.Add.Text(fault.Title.Split(" (")[0], fault.Began.TotalSeconds, top);
            (text.LabelRotation, text.LabelFontSize, text.LabelFontColor) = (90, 12, Colors.Black);
            text.LabelAlignment = Alignment.LowerLeft;
        }
    }

    private static double Log(double milliseconds) => double.IsNaN(milliseconds) ? double.NaN : Math.Log10(Math.Max(0.1, milliseconds));

    private static Color ColorOf(FaultArea area) => area switch
    {
        FaultArea.Silo => Colors.Purple,
        FaultArea.Frontend => Colors.Red,
        FaultArea.Backend => Colors.Orange,
        FaultArea.Redis => Colors.Brown,
        _ => Colors.Blue,
    };
}
