using System.Globalization;
using System.Text;
using OrleansLb.BenchProcesses;
using OrleansLb.Chaos.Verdicts;
using OrleansLb.Reports;

namespace OrleansLb.ChaosRun.Reports;

/// <summary>What is left of a run: a page with the verdict, a table of its seconds and a picture.</summary>
internal sealed class ChaosPage(ChaosOrder order, RunRecord run, IReadOnlyList<Promise> promises)
{
    private const string Name = "chaos";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Writes them.</summary>
    /// <returns>Their paths.</returns>
    public IReadOnlyList<string> Write()
    {
        var timeline = Timeline.Of(run, Second);
        string[] files = [PathOf(".md"), PathOf(".csv"), PathOf(".png")];
        File.WriteAllText(files[0], Page());
        File.WriteAllText(files[1], Seconds(timeline).ToCsv());
        File.WriteAllBytes(files[2], new ChaosPicture(run, timeline).ToPng());
        return files;
    }

    private string PathOf(string extension) => Path.Combine(order.Folder.FullName, Name + extension);

    private string Page()
    {
        var broken = promises.Count(static promise => !promise.Holds);
        var page = new StringBuilder("# Chaos\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{(broken == 0 ? "Every promise held." : $"**{broken} of {promises.Count} promises did not hold.**")} ");
        page.Append(CultureInfo.InvariantCulture, $"{run.Faults.Count} faults in {run.Length.TotalSeconds:F0} s with {run.Rate:F0} requests a second, on {Machine.Description}.\n\n");
        page.Append(CultureInfo.InvariantCulture, $"The same again: `{order.Command}`\n\n");
        page.Append("## Verdict\n\n").Append(Verdict().ToMarkdown()).Append('\n');
        page.Append("## Faults\n\nA fault ends when its cause is taken away; the cluster is whole again when every silo tells of all silos, front-ends and backends that they are there ");
        page.Append("and agree, and every front-end is ready.\n\n");
        page.Append(Faults().ToMarkdown()).Append('\n');
        page.Append("## Timeline\n\nWhat failed because it was in flight at what was killed, cut or frozen is told apart from what nothing explains; ");
        page.Append("times count from when a request was due.\n\n");
        return page.Append($"![Timeline]({Name}.png)\n\nThe seconds are in [{Name}.csv]({Name}.csv), the logs of all processes in `logs`.\n").ToString();
    }

    private Table Verdict()
    {
        var table = new Table("promise", "holds", "seen");
        foreach (var promise in promises)
            table.Add(promise.Name, promise.Holds ? "yes" : "**no**", promise.Seen.Replace('|', '/').ReplaceLineEndings(" "));
        return table;
    }

    private Table Faults()
    {
        var table = new Table("fault", "began", "ended after", "whole again after", "bound", "requests it took");
        foreach (var fault in run.Faults)
        {
            table.Add(
                fault.Title,
                Times.Of(fault.Began).Trim(),
                Text(fault.Ended - fault.Began),
                fault.WholeAfter is { } after ? Text(after) : $"**not**: {fault.Missing}",
                Text(fault.Planned.Trait.Bound),
                run.Outcomes.Count(outcome => RequestPaths.Fails(outcome) && RunVerdict.Explanation(outcome, run.Faults) == fault));
        }

        return table;
    }

    private static Table Seconds(IEnumerable<TimelinePiece> timeline)
    {
        var table = new Table("second", "sent", "answered", "refused", "failed, explained", "failed", "median ms", "p99 ms", "most ms", "faults");
        foreach (var piece in timeline)
        {
            var faults = string.Join("; ", piece.Faults);
            table.Add(
                piece.At.TotalSeconds, piece.Sent, piece.Answered, piece.Refused, piece.Explained, piece.Failed, Text(piece.Median), Text(piece.P99), Text(piece.Most), faults);
        }

        return table;
    }

    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    private static string Text(double milliseconds) => double.IsNaN(milliseconds) ? "" : milliseconds.ToString("F1", CultureInfo.InvariantCulture);
}
