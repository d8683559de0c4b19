using System.Xml.Linq;

namespace OrleansLb.Conventions.Tests;

/// <summary>One project of the tree, read as XML and not evaluated.</summary>
internal sealed class ProjectFile
{
    private readonly XElement _xml;

    internal ProjectFile(SourceFile file)
    {
        File = file;
        _xml = XElement.Parse(file.Text);
        Name = Path.GetFileNameWithoutExtension(file.Name);
        References = [.. _xml.Descendants("ProjectReference")
            .Select(static reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))];
    }

    internal SourceFile File { get; }

    internal string Name { get; }

    internal string Folder => File.Folder;

    /// <summary>Names of the projects that this one references directly.</summary>
    internal IReadOnlyList<string> References { get; }

    internal bool IsTest => Folder.StartsWith("tests/", StringComparison.Ordinal) || Folder.StartsWith("bench/", StringComparison.Ordinal);

    /// <summary>Whether the project says so, or leaves it to an SDK whose default is an executable.</summary>
    internal bool IsExecutable => !IsTest && (_xml.Descendants("OutputType").FirstOrDefault()?.Value ?? DefaultOutputType) == "Exe";

    internal IEnumerable<XElement> PackageReferences => _xml.Descendants("PackageReference");

    private string DefaultOutputType => (string?)_xml.Attribute("Sdk") is "Microsoft.NET.Sdk.Web" or "Microsoft.NET.Sdk.Worker" ? "Exe" : "Library";

    public override string ToString() => Name;
}
