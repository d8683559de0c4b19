namespace OrleansLb.Process.Tests.Processes;

/// <summary>A demo backend as a process of its own.</summary>
internal sealed class BackendProcess(string name, int port)
    : ProductProcess(name, Executables.Standalone, ["demo-backend", "--name", name, "--port", $"{port}"])
{
    public Uri Address { get; } = new($"http://127.0.0.1:{port}");
}
