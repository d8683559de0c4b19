using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OrleansLb.Conventions.Tests;

public sealed partial class PackageTests
{
    private const string Page = "docs/reference/dependencies.md";

    private static readonly string[] Pinned = [.. XElement.Parse(SourceTree.Read("Directory.Packages.props"))
        .Descendants("PackageVersion").Select(static package => (string)package.Attribute("Include")!)];

    [Fact]
    public void EveryPinnedPackageIsExplainedInOneSentence()
    {
        var rows = Row().Matches(SourceTree.Read(Page)).ToDictionary(static row => row.Groups["package"].Value, static row => row.Groups["reason"].Value.Trim());
        Assert.Equal(Pinned.Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows, static row =>
        {
            Assert.True(row.Value.Length > 20 && row.Value.EndsWith('.'), $"{row.Key}: \"{row.Value}\" is not a sentence.");
            Assert.DoesNotContain(". ", row.Value, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void VersionsAreOnlyInTheCentralFile()
    {
        foreach (var project in SourceTree.Projects)
            Assert.All(project.PackageReferences, package => Assert.True(package.Attribute("Version") is null, $"{project} gives a version to {package.Attribute("Include")?.Value}."));
    }

    [Fact]
    public void EveryReferencedPackageIsPinned()
    {
        foreach (var project in SourceTree.Projects)
            // An override settles what two tools of one project ask for.
            Assert.All(project.PackageReferences.Where(static package => package.Attribute("VersionOverride") is null), package => Assert.Contains((string?)package.Attribute("Include") ?? (string)package.Attribute("Update")!, Pinned));
    }

    [GeneratedRegex(@"^\| `(?<package>[\w.\-]+)` \|(?<reason>[^|\n]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
