using System.Net;
using System.Net.Sockets;
using OrleansLb.LoadGenerator.Http;
using OrleansLb.LoadGenerator.Tls;
using OrleansLb.LoadGenerator.WebSockets;

namespace OrleansLb.LoadGenerator.Load;

/// <summary>One connection of the load, with one request on its way at most.</summary>
internal sealed class LoadConnection(IPEndPoint server, byte[] request, int key, ClientStyle style) : IDisposable
{
    // Of a connection that is opened before the load: what takes longer is not there.
    private static readonly TimeSpan OpeningLimit = TimeSpan.FromSeconds(10);

    private static int s_source;

    private Socket? _socket;
    private TlsSession? _tls;
    private int _sent;

    public int Key => key;

    public IAnswerReader Answer { get; } = style.Awaited is { } awaited ? new EchoReader(awaited) : new MessageReader();

    /// <summary>When the request on its way was due, in ticks.</summary>
    public long Due { get; set; }

    public bool IsAsking { get; set; }

    /// <summary>Whether a part of the request is not out yet.</summary>
    public bool HasMore => IsAsking && _sent < request.Length;

    public Socket Socket => _socket!;

    /// <summary>Whether the rest goes out when there is room; else when something comes.</summary>
    public bool WaitsForRoom => HasMore && (_tls is null || _tls.WaitsForRoom);

    /// <summary>Whether its owner is told when there is room.</summary>
    public bool IsWatchedForRoom { get; set; }

    /// <summary>Connects, anew if it was connected. On loopback that takes microseconds, so it may wait; the handshake of a connection for one request is made by that.</summary>
    /// <exception cref="IOException">There is no TLS, or no WebSocket.</exception>
    public void Connect()
    {
        Dispose();
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = (int)OpeningLimit.TotalMilliseconds };
        if (style.Anew)
            _socket.Bind(new IPEndPoint(NextSource(), port: 0));
        _socket.Connect(server);
        _tls = style.Tls ? new TlsSession(_socket) : null;
        if (!style.Anew)
            _tls?.ShakeHands();
        if (style.Opening is not null)
            WebSocketOpening.Open(_socket, style.Opening);
        _socket.Blocking = false;
        Answer.Reset();
        (IsAsking, IsWatchedForRoom) = (false, false);
    }

    /// <summary>Begins a request; call <see cref="SendRest"/> while there is more.</summary>
    public void Ask(long due)
    {
        (Due, IsAsking, _sent) = (due, true, 0);
        SendRest();
    }

    /// <summary>Sends as much of the request as there is room for.</summary>
    public void SendRest()
    {
        while (_sent < request.Length)
        {
            var count = Send(request.AsSpan(_sent));
            if (count < 0)
                return;
            // The reading side finds out why it cannot be sent.
            _sent = count == 0 ? request.Length : _sent + count;
        }
    }

    /// <summary>Reads what has come.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="failure">Why there is nothing; <see langword="null"/> if the other side has closed.</param>
    /// <returns>How much it was; 0 at the end, less than 0 if there is nothing yet.</returns>
    public int Receive(Span<byte> buffer, out string? failure)
    {
        if (_tls is not null)
            return _tls.Receive(buffer, out failure);
        var count = Socket.Receive(buffer, SocketFlags.None, out var error);
        failure = error is SocketError.Success or SocketError.WouldBlock ? null : error.ToString();
        return error == SocketError.WouldBlock ? -1 : count;
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _tls = null;
        _socket?.Dispose();
    }

    /// <returns>How much it was; 0 if the connection is broken, less than 0 if there is no room.</returns>
    private int Send(ReadOnlySpan<byte> bytes)
    {
        if (_tls is not null)
            return _tls.Send(bytes);
        var count = Socket.Send(bytes, SocketFlags.None, out var error);
        return error == SocketError.WouldBlock ? -1 : count;
    }

    /// <summary>
    /// One of a thousand addresses of loopback. A closed connection keeps its port for a minute, and one address has 28,000: a client that connects for each
    /// request would soon measure how its ports run out.
    /// </summary>
    private static IPAddress NextSource()
    {
        var next = ++s_source % 1000;
        return new IPAddress([127, 1, (byte)(next / 250), (byte)((next % 250) + 1)]);
    }
}
