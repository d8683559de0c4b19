using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>A backend that hears one line, gives one answer and hangs up.</summary>
internal sealed class TalkingBackend : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private TcpListener _listener = new(IPAddress.Loopback, 0);
    private Task _accepting;

    public TalkingBackend()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept(_listener);
    }

    public int Port { get; }

    public volatile string Answer = "";

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
                await Serve(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test closed it, perhaps between two clients.
            return;
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            if (await reader.ReadLineAsync(_stop.Token) is not null)
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Answer), _stop.Token);
        }
        catch (IOException)
        {
            // The prober had enough.
            return;
        }
    }
}
