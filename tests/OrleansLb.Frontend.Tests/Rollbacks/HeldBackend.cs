using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Frontend.Tests.Rollbacks;

/// <summary>A backend that takes one request, never answers, and resets the connection when it ends.</summary>
internal sealed class HeldBackend : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Socket? _asked;

    public HeldBackend() => _listener.Start();

    public string Address => $"http://{_listener.LocalEndpoint}/";

    /// <summary>Completes when the first of a request is there.</summary>
    public async Task IsAsked()
    {
        _asked = await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await _asked.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _listener.Stop();
        _asked?.Close(0);
    }
}
