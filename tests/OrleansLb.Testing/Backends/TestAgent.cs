using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Testing.Backends;

/// <summary>An agent beside a backend, in the words of HAProxy's <c>agent-check</c>: to everyone who connects it says its line and hangs up.</summary>
public sealed class TestAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private TcpListener _listener;
    private Task _accepting;
    private int _questions;

    /// <summary>Starts an agent on a free port of loopback.</summary>
    public TestAgent()
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept(_listener);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>What it says from now on; with nothing it hangs up.</summary>
    public string Says { get; set; } = "";

    /// <summary>How often it was asked.</summary>
    public int Questions => Volatile.Read(ref _questions);

    /// <summary>Refuses connections from now on.</summary>
    public async Task Close()
    {
        _listener.Stop();
        await _accepting;
    }

    /// <summary>Takes them again.</summary>
    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = Accept(_listener);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Close();
        _stop.Dispose();
    }

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _questions);
                await Answer(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test closed it; between two clients the listener says so with the last of these.
            return;
        }
    }

    private async Task Answer(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Says.Length > 0 ? $"{Says}\n" : ""), _stop.Token);
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // Whoever asked has hung up, as agent checks do when their time is over.
            return;
        }
    }
}
