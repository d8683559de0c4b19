using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Frontend.Tests.Limits;

/// <summary>A backend that announces 100 bytes, sends 10 and resets the connection.</summary>
internal sealed class ResettingBackend : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;
    private readonly SemaphoreSlim _headSeen = new(0);
    private int _requests;

    internal ResettingBackend()
    {
        _listener.Start();
        _serving = Serve();
    }

    internal string Address => $"http://{_listener.LocalEndpoint}/";

    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>Lets the reset happen; a reset that overtakes the head would make another fault of it.</summary>
    internal void HeadWasSeen() => _headSeen.Release();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task Serve()
    {
        while (true)
        {
            using var socket = await _listener.AcceptSocketAsync(_stopping.Token);
            await socket.ReceiveAsync(new byte[4096], _stopping.Token);
            Interlocked.Increment(ref _requests);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789"u8.ToArray(), _stopping.Token);
            await _headSeen.WaitAsync(_stopping.Token);
            // A linger of zero turns the close into a reset.
            socket.LingerState = new LingerOption(true, 0);
        }
    }
}
