using System.Text;
using OrleansLb.Reports;

namespace OrleansLb.Process.Tests.Faults.Figures;

/// <summary>Writes figures down as one Markdown page, a table for each row that has any.</summary>
internal static class FaultPage
{
    /// <param name="figures">What was seen, in any order of rows; within a row they stay as they came.</param>
    /// <param name="machine">What it was seen on.</param>
    /// <param name="rounds">How often faults were repeated.</param>
    public static string Render(IEnumerable<FaultFigure> figures, string machine, int rounds)
    {
        var text = new StringBuilder($"""
            # What faults do

            What was seen when processes of a real cluster were killed, frozen, cut off or starved under load, beside what is asked for. Everything ran on one machine: {machine}. Faults that are repeated were repeated {rounds} times, and the longest ones three times at most.

            ```
            tests/faults
            ```

            builds what is missing, does all of it and writes this page. A request has failed when its client got no answer, or one that came neither from a backend nor from a limit. "Bar" is what a release is held to; the tests
            allow busy machines more, and what they allow is in their code. "-" stands for nothing.


            """.ReplaceLineEndings("\n"));
        foreach (var row in figures.GroupBy(static figure => FaultRows.IndexOf(figure.Row)).OrderBy(static row => row.Key))
        {
            var table = new Table("fault", "figure", "seen", "bar", "promise");
            foreach (var figure in row)
                table.Add(Cell(figure.Fault), Cell(figure.Figure), Cell(figure.Seen), Cell(figure.Bar), Cell(figure.Promise));
            text.Append($"## {FaultRows.All[row.Key].Row}: {FaultRows.All[row.Key].Title}\n\n").Append(table.ToMarkdown()).Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    // A bar would end the cell.
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
