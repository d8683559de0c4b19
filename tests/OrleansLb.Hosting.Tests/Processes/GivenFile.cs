namespace OrleansLb.Hosting.Tests.Processes;

/// <summary>A file that a process is given, in a folder of its own.</summary>
internal sealed class GivenFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-given-");

    public GivenFile(string content) => Write(content);

    public string Path => System.IO.Path.Combine(_folder.FullName, "given");

    public void Write(string content) => File.WriteAllText(Path, content);

    public void Dispose() => _folder.Delete(recursive: true);
}
