using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests;

public sealed partial class DocumentTests
{
    [Fact]
    public void DecisionsAreNumberedOnceAndSayTheirNumber()
    {
        var decisions = SourceTree.Files.Where(static file => file.Folder == "docs/decisions" && file.Name.EndsWith(".md", StringComparison.Ordinal)).ToArray();
        Assert.All(decisions, static file => Assert.StartsWith($"# {file.Name[..4]}:", file.Text, StringComparison.Ordinal));
        Assert.Equal(decisions.Length, decisions.Select(static file => file.Name[..4]).Distinct().Count());
    }

    [Fact]
    public void LinksBetweenDocumentsLeadToFiles()
    {
        var paths = SourceTree.Files.Select(static file => file.Path).ToHashSet();
        var broken = SourceTree.Files.Where(static file => file.Path.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(file => Link().Matches(file.Text).Select(match => (file, target: match.Groups["target"].Value)))
            .Where(link => !Leads(link.file, link.target, paths))
            .Select(static link => $"{link.file}: {link.target}");
        Assert.Empty(broken);
    }

    [Fact]
    public void TestsThatDocumentsNameAreThere()
    {
        var tests = SourceTree.CSharp.Where(static file => file.Path.StartsWith("tests/", StringComparison.Ordinal)).ToLookup(static file => Path.GetFileNameWithoutExtension(file.Name));
        var named = SourceTree.Files.Where(static file => file.Path.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(static file => NamedTest().Matches(file.Text).Select(match => (file, Class: match.Groups["class"].Value, Method: match.Groups["method"].Value))).ToList();
        Assert.NotEmpty(named);
        Assert.Empty(named.Where(name => !tests[name.Class].Any(file => file.Text.Contains($" {name.Method}(", StringComparison.Ordinal))).Select(static name => $"{name.file}: {name.Class}.{name.Method}"));
    }

    private static bool Leads(SourceFile from, string target, HashSet<string> paths)
    {
        var full = Path.GetFullPath(Path.Combine(SourceTree.Root, from.Folder, target));
        return paths.Contains(Path.GetRelativePath(SourceTree.Root, full).Replace('\\', '/')) || Directory.Exists(full);
    }

    [GeneratedRegex(@"\]\((?<target>(?!https?:|#|mailto:)[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>\w+)`")]
    private static partial Regex NamedTest();
}
