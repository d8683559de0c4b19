using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests;

public sealed partial class AccessLogTests
{
    private const string Page = "docs/reference/access-log.md";

    [Fact]
    public void EveryReasonIsInTheTableAndTheTableHasNoOther()
    {
        var reasons = Member().Matches(SourceTree.Read("grains/OrleansLb.Core/AccessLog/EndReason.cs")).Select(static match => ToCode(match.Groups["name"].Value));
        Assert.Equal(reasons, FirstCells("## Reasons", "## The file"));
    }

    [Fact]
    public void EverySettingIsInTheTableAndTheTableHasNoOther()
    {
        var settings = Property().Matches(SourceTree.Read("frontends/OrleansLb.Frontend.Http/AccessLog/AccessLogOptions.cs")).Select(static match => match.Groups["name"].Value);
        Assert.Equal(settings, FirstCells("## Settings", "## Lines"));
    }

    [Fact]
    public void EveryNameOfALineIsInTheTableAndTheTableHasNoOther()
    {
        var names = Name().Matches(SourceTree.Read("grains/OrleansLb.Core/AccessLog/JsonLine.cs")).Select(static match => match.Groups["name"].Value);
        Assert.Equal(names.Order(), Cells("## Lines", "## Reasons").SelectMany(static cell => Quoted().Matches(cell).Select(static match => match.Groups["text"].Value)).Order());
    }

    private static IEnumerable<string> FirstCells(string from, string to) => Cells(from, to).Select(static cell => cell.Trim('`'));

    private static IEnumerable<string> Cells(string from, string to)
    {
        var page = SourceTree.Read(Page);
        var start = page.IndexOf(from, StringComparison.Ordinal);
        return Row().Matches(page[start..page.IndexOf(to, start, StringComparison.Ordinal)]).Select(static row => row.Groups["cell"].Value);
    }

    private static string ToCode(string name) => Capital().Replace(name, static capital => $"{(capital.Index > 0 ? "_" : "")}{capital.Value.ToLowerInvariant()}");

    [GeneratedRegex("^    (?<name>[A-Z]\\w*),", RegexOptions.Multiline)]
    private static partial Regex Member();

    [GeneratedRegex(@"^    public [\w?]+ (?<name>\w+) \{ get; set; \}", RegexOptions.Multiline)]
    private static partial Regex Property();

    [GeneratedRegex(@"\\""(?<name>[a-z_]+)\\"":")]
    private static partial Regex Name();

    [GeneratedRegex("^\\| (?<cell>`[^|]+`) \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
