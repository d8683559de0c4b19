using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Probes.Tests.Servers;

/// <summary>A server on loopback that does what the test says with each raw socket, after one request head unless it does not wait for one.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private const byte TlsHandshake = 0x16;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly bool _waitsForHead;
    private readonly Task _accepting;

    public ScriptedServer(Func<Socket, CancellationToken, Task> answer, bool waitsForHead = true)
    {
        _waitsForHead = waitsForHead;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = Accept(answer);
    }

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public List<string> Requests { get; } = [];

    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static Task Send(Socket socket, string text, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.ASCII.GetBytes(text), cancellationToken).AsTask();

    /// <summary>Resets the connection instead of ending it.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public static async Task Send(Socket socket, byte[] bytes, CancellationToken cancellationToken) => await socket.SendAsync(bytes, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task Accept(Func<Socket, CancellationToken, Task> answer)
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptAsync(_stop.Token);
                Requests.Add(_waitsForHead ? await ReadHead(socket) : "");
                Asked.TrySetResult();
                await answer(socket, _stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Asked.TrySetException(new InvalidOperationException("The server ended before it was asked.", end));
        }
    }

    private async Task<string> ReadHead(Socket socket)
    {
        var head = new StringBuilder();
        var buffer = new byte[1024];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, _stop.Token);
            if (read == 0 || buffer[0] == TlsHandshake) break;
            head.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return head.ToString();
    }
}
