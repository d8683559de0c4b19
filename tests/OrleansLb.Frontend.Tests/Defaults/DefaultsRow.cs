using System.Text.RegularExpressions;

namespace OrleansLb.Frontend.Tests.Defaults;

/// <summary>One row of the page of defaults.</summary>
/// <param name="What">What has the default.</param>
/// <param name="Option">Its key with what it belongs to, as the page has it without marks; <see langword="null"/> where there is no option.</param>
/// <param name="Default">The default as the page has it.</param>
/// <param name="Text">The whole row.</param>
internal sealed partial record DefaultsRow(string What, string? Option, string Default, string Text)
{
    private const int Cells = 8;
    private const string Fixed = "fixed";

    /// <summary>All rows of the page.</summary>
    public static IReadOnlyList<DefaultsRow> All { get; } =
        [.. File.ReadLines(Path.Combine(Root(), "docs", "reference", "defaults.md")).Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| what |", StringComparison.Ordinal)).Select(Of)];

    private static DefaultsRow Of(string line)
    {
        var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        Assert.True(cells.Length == Cells, $"{cells.Length} cells instead of {Cells}: {line}");
        Assert.True(cells[1] == Fixed || OptionCell().IsMatch(cells[1]), $"neither '{Fixed}' nor a key: {line}");
        return new DefaultsRow(cells[0], cells[1] == Fixed ? null : cells[1].Replace("`", "", StringComparison.Ordinal), cells[2], line);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OrleansLb.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder.FullName;
    }

    [GeneratedRegex("^`[A-Za-z0-9:]+`( of the (cluster|route|policy))?$")]
    private static partial Regex OptionCell();
}
