using OrleansLb.BenchProcesses;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>The processes of one scenario and one folder for all that they write. Disposing ends every one of them by its id and removes the folder.</summary>
internal sealed class Premises : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-edge-bench-");
    private readonly List<ServerProcess> _servers = [];

    // Workers of nginx are another user and have folders of their own in it.
    public Premises() => _folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Every process that runs.</summary>
    public IReadOnlyList<ServerProcess> Servers => _servers;

    /// <summary>A path in the folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Takes a process in.</summary>
    public ServerProcess Keep(ServerProcess server)
    {
        _servers.Add(server);
        return server;
    }

    /// <summary>Ends a process now.</summary>
    public void End(ServerProcess server)
    {
        _servers.Remove(server);
        server.Dispose();
    }

    public void Dispose()
    {
        _servers.ForEach(static server => server.Dispose());
        _folder.Delete(recursive: true);
    }
}
