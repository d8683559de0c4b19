using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>A backend inside the test that says what it is told to, byte by byte, and then closes or resets; it answers one request of each connection and no more.</summary>
internal sealed class BrokenBackend : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _answer;
    private readonly bool _resets;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="address">Where it listens, at any free port.</param>
    /// <param name="answer">All that it says, in Latin-1.</param>
    /// <param name="resets">Whether it resets the connection afterwards; else it closes it in good order.</param>
    public BrokenBackend(string address, string answer, bool resets)
    {
        (_answer, _resets) = (Encoding.Latin1.GetBytes(answer), resets);
        _listener = new TcpListener(IPAddress.Parse(address), 0);
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}/");
        _accepting = Accept();
    }

    public Uri Address { get; }

    /// <summary>Connections that were made to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
            return;
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var connection = client;
        Interlocked.Increment(ref _connections);
        try
        {
            var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
            {
            }

            await stream.WriteAsync(_answer, _stop.Token);
            if (_resets)
                await Reset(connection);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The other side gave up before.
            return;
        }
    }

    // What was written is lost with a reset that overtakes it, and is then no answer that began.
    private static async Task Reset(TcpClient connection)
    {
        await Eventually.Holds("the answer has arrived", TimeSpan.FromSeconds(5), () => Task.FromResult(PosixSockets.IsAcknowledged(connection.Client)));
        connection.Client.LingerState = new LingerOption(true, 0);
    }
}
