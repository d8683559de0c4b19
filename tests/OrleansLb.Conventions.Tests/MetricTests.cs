using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests;

public sealed partial class MetricTests
{
    private const string Page = "docs/reference/metrics.md";

    private static readonly SourceFile[] Files = [.. SourceTree.CSharp.Where(static file => !file.Path.StartsWith("tests/", StringComparison.Ordinal) && Creation().IsMatch(file.Text))];

    private static readonly Dictionary<string, (string Type, string Unit, string[] Attributes)> Documented = Row().Matches(SourceTree.Read(Page)).ToDictionary(
        static row => row.Groups["name"].Value,
        static row => (row.Groups["type"].Value, row.Groups["unit"].Value, Quoted().Matches(row.Groups["attributes"].Value).Select(static match => match.Groups["text"].Value).ToArray()));

    [Fact]
    public void EveryInstrumentIsInTheCatalogueWithItsTypeAndUnit()
    {
        foreach (var (file, name, type, unit) in Files.SelectMany(InstrumentsOf))
        {
            Assert.True(Documented.TryGetValue(name, out var row), $"{file}: {name} is missing in {Page}.");
            Assert.True((row.Type, row.Unit) == (type, unit), $"{Page} calls {name} a {row.Type} of {row.Unit}; {file} makes it a {type} of {unit}.");
        }
    }

    [Fact]
    public void EveryInstrumentInTheCatalogueExists()
    {
        Assert.Empty(Documented.Keys.Except(Files.SelectMany(InstrumentsOf).Select(static instrument => instrument.Name)));
    }

    [Fact]
    public void AttributesAreThoseOfTheCatalogue()
    {
        foreach (var file in Files)
        {
            var documented = InstrumentsOf(file).Where(static instrument => Documented.ContainsKey(instrument.Name)).SelectMany(static instrument => Documented[instrument.Name].Attributes);
            var used = Attribute().Matches(file.Text).Select(static match => match.Groups["name"].Value);
            Assert.True(documented.ToHashSet().SetEquals(used), $"{file} uses {string.Join(", ", used.Distinct())}; {Page} says {string.Join(", ", documented.Distinct())}.");
        }
    }

    [Fact]
    public void EveryMeterIsExported() => Assert.All(Files, static file => Assert.Matches("MeterName = \"OrleansLb\\.", file.Text));

    private static IEnumerable<(SourceFile File, string Name, string Type, string Unit)> InstrumentsOf(SourceFile file) => Creation().Matches(file.Text)
        .Select(match => (file, match.Groups["name"].Value, TypeOf(match.Groups["kind"].Value), match.Groups["unit"].Value));

    private static string TypeOf(string kind) => kind == "UpDownCounter" ? "up-down counter" : kind.ToLowerInvariant();

    [GeneratedRegex(@"Create(?:Observable)?(?<kind>UpDownCounter|Counter|Histogram|Gauge)(?:<\w+>)?\(\s*""(?<name>[^""]+)""[^;]*?""(?<unit>\{\w+\}|s|By|1)""")]
    private static partial Regex Creation();

    [GeneratedRegex(@"(?:KeyValuePair<string, object\?>|\bnew)\(""(?<name>[a-z_.]+)"",")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^\| `(?<name>[\w.]+)` \| (?<type>[a-z\- ]+) \| `(?<unit>[^`]+)` \| (?<attributes>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Quoted();
}
