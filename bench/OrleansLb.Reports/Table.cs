using System.Globalization;
using System.Text;

namespace OrleansLb.Reports;

/// <summary>Rows under headings, written as aligned Markdown, which reads well as plain text, or as CSV.</summary>
public sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [];

    public void Add(params object[] cells)
    {
        if (cells.Length != headings.Length)
            throw new ArgumentException($"{cells.Length} cells under {headings.Length} headings.", nameof(cells));
        _rows.Add([.. cells.Select(static cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "")]);
    }

    public string ToMarkdown()
    {
        var widths = headings.Select((heading, i) => _rows.Select(row => row[i].Length).Append(heading.Length).Max()).ToArray();
        var text = new StringBuilder();
        AppendLine(text, headings, widths);
        text.Append('|').AppendJoin('|', widths.Select((width, i) => i == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":")).Append("|\n");
        foreach (var row in _rows)
            AppendLine(text, row, widths);
        return text.ToString();
    }

    public string ToCsv()
    {
        var text = new StringBuilder();
        foreach (var row in _rows.Prepend(headings))
            text.AppendJoin(',', row.Select(static cell => cell.IndexOfAny([',', '"', '\n']) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
        return text.ToString();
    }

    private static void AppendLine(StringBuilder text, string[] cells, int[] widths) =>
        text.Append("| ").AppendJoin(" | ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).Append(" |\n");
}
