using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Probes.Tests.Servers;

/// <summary>A real Redis on a port of its own, with nothing on disk.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Ready = "Ready to accept connections";

    // A block of this suite's own, below the range that the kernel gives to outgoing connections.
    private const int FirstPort = 25000;
    private const int Ports = 900;

    private readonly Process _process;

    private RedisServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<RedisServer> Start(CancellationToken cancellationToken)
    {
        var port = FreePort();
        string[] arguments = ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        var server = new RedisServer(Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true })!, port);
        while (await server._process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.Contains(Ready, StringComparison.Ordinal)) continue;
            _ = server._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return server;
        }

        throw new InvalidOperationException($"redis-server ended before it was ready on port {port}.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        for (var port = FirstPort + (Environment.ProcessId % Ports); port < FirstPort + (2 * Ports); port++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's; the next one.
                continue;
            }
        }

        throw new InvalidOperationException($"No free port from {FirstPort} on.");
    }
}
