namespace OrleansLb.Conventions.Tests;

/// <summary>One file of the tree.</summary>
internal sealed class SourceFile(string fullPath)
{
    private readonly Lazy<string> _text = new(() => File.ReadAllText(fullPath));

    /// <summary>Path from the root, with forward slashes.</summary>
    internal string Path { get; } = System.IO.Path.GetRelativePath(SourceTree.Root, fullPath).Replace('\\', '/');

    internal string Text => _text.Value;

    internal string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    internal string Name => System.IO.Path.GetFileName(Path);

    public override string ToString() => Path;
}
