using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests;

public sealed partial class SourceFileTests
{
    private static readonly string[] TextExtensions = [".cs", ".csproj", ".props", ".targets", ".md", ".sh", ".json", ".yml", ".yaml", ".html", ".css", ".js", ".Dockerfile"];

    [Fact]
    public void EveryFileHasOneTopLevelTypeNamedLikeTheFile()
    {
        foreach (var file in SourceTree.CSharp)
        {
            var types = TopLevelType().Matches(SourceTree.CodeOf(file)).Select(static match => match.Groups["name"].Value).Distinct().ToArray();
            if (types.Length == 0)
                continue; // Top-level statements and assembly attributes.
            Assert.True(types.Length == 1, $"{file} has the types {string.Join(", ", types)}.");
            Assert.True(types[0] == file.Name[..file.Name.IndexOf('.', StringComparison.Ordinal)], $"{file} holds {types[0]}.");
        }
    }

    [Fact]
    public void NamespaceEqualsProjectPlusFolder()
    {
        foreach (var file in SourceTree.CSharp)
        {
            if (Namespace().Match(file.Text) is not { Success: true } match)
                continue;
            var project = SourceTree.ProjectOf(file);
            Assert.True(project is not null, $"{file} belongs to no project.");
            var expected = project.Name + file.Folder[project.Folder.Length..].Replace('/', '.');
            Assert.True(match.Groups["name"].Value == expected, $"{file}: expected namespace {expected}, found {match.Groups["name"].Value}.");
        }
    }

    [Fact]
    public void NoFileIsUnfinished()
    {
        // Put together here so that this file does not find itself.
        string[] words = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "X" + "XX", "NotImplemented" + "Exception", "#re" + "gion"];
        var forbidden = new Regex($@"(?<!\w)(?:{string.Join('|', words)})(?!\w)");
        var found = SourceTree.Files.Where(static file => Array.Exists(TextExtensions, extension => file.Path.EndsWith(extension, StringComparison.Ordinal)))
            .SelectMany(file => file.Text.Split('\n').Select((line, i) => (line, at: $"{file}:{i + 1}")))
            .Where(line => forbidden.IsMatch(line.line))
            .Select(static line => $"{line.at}: {line.line.Trim()}");
        Assert.Empty(found);
    }

    [Fact]
    public void NoCatchHidesWhatItCaught()
    {
        var found = SourceTree.CSharp.Where(static file => EmptyCatch().IsMatch(file.Text)).Select(static file => file.Path);
        Assert.Empty(found);
    }

    [Fact]
    public void TestNamesStateAnOutcome()
    {
        var found = SourceTree.CSharp.Where(static file => file.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(static file => VagueTestName().Matches(file.Text).Select(match => $"{file}: {match.Groups["name"].Value}"));
        Assert.Empty(found);
    }

    [GeneratedRegex(@"^(?:\[[^\n]*\]\s*)?(?:(?:public|internal|file|static|sealed|abstract|readonly|ref|partial|unsafe)\s+)*(?:record\s+class|record\s+struct|class|struct|interface|enum|record|delegate\s+[\w<>\[\]?., ]+?)\s+(?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // A comment inside says why nothing is done, and is enough.
    [GeneratedRegex(@"catch(?:\s*\([^)]*\))?(?:\s*when\s*\([^{]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"public\s+(?:async\s+)?(?:void|Task|ValueTask)\s+(?<name>\w+_(?:Works|Ok|OK|Test)\d*)\s*\(")]
    private static partial Regex VagueTestName();
}
