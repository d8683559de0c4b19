namespace OrleansLb.Process.Tests.Processes;

/// <summary>A demo backend as a process of its own.</summary>
/// <param name="name">What it calls itself.</param>
/// <param name="port">Where it listens.</param>
/// <param name="address">The address of this machine at which others reach it.</param>
internal sealed class BackendProcess(string name, int port, string address = "127.0.0.1")
    : ProductProcess(name, Executables.Standalone, ["demo-backend", "--name", name, "--port", $"{port}", .. address == "127.0.0.1" ? (string[])[] : ["--any-address"]])
{
    public Uri Address { get; } = new($"http://{address}:{port}");
}
