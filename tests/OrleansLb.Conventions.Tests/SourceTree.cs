using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests;

/// <summary>The repository's files as checked out, without what builds leave behind.</summary>
internal static partial class SourceTree
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", "TestResults", "node_modules"];

    internal static string Root { get; } = FindRoot();

    internal static IReadOnlyList<SourceFile> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal).Select(static path => new SourceFile(path))];

    internal static IReadOnlyList<SourceFile> CSharp { get; } = [.. Files.Where(static file => file.Path.EndsWith(".cs", StringComparison.Ordinal))];

    internal static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files.Where(static file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)).Select(static file => new ProjectFile(file))];

    internal static string Read(string path) => File.ReadAllText(System.IO.Path.Combine(Root, path));

    /// <summary>The project a file belongs to: the one in the nearest folder above it.</summary>
    internal static ProjectFile? ProjectOf(SourceFile file) => Projects
        .Where(project => file.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal))
        .MaxBy(static project => project.Folder.Length);

    /// <summary>C# text without comments and without the contents of string literals, line structure kept.</summary>
    internal static string CodeOf(SourceFile file) => CommentOrString().Replace(
        file.Text,
        static match => match.Value.StartsWith('/') ? Blank(match.Value) : "\"" + Blank(match.Value) + "\"");

    private static string Blank(string text) => new('\n', text.Count(static c => c == '\n'));

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Concat(Directory.EnumerateDirectories(folder).Where(static child => !IsSkipped(System.IO.Path.GetFileName(child))).SelectMany(Walk));

    private static bool IsSkipped(string name) => name.StartsWith('.') || Skipped.Contains(name);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "OrleansLb.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No OrleansLb.sln above {AppContext.BaseDirectory}.");
        return folder.FullName;
    }

    [GeneratedRegex("""
        //[^\n]*|/\*[\s\S]*?\*/|"{3}[\s\S]*?"{3}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"
        """)]
    private static partial Regex CommentOrString();
}
