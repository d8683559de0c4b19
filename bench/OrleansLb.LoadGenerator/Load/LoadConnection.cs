using System.Net;
using System.Net.Sockets;
using OrleansLb.LoadGenerator.Http;

namespace OrleansLb.LoadGenerator.Load;

/// <summary>One connection of the load, with one request on its way at most.</summary>
internal sealed class LoadConnection(IPEndPoint server, byte[] request, int key, bool anew) : IDisposable
{
    private static int s_source;

    private Socket? _socket;
    private int _sent;

    public int Key => key;

    public MessageReader Answer { get; } = new();

    /// <summary>When the request on its way was due, in ticks.</summary>
    public long Due { get; set; }

    public bool IsAsking { get; set; }

    /// <summary>Whether a part of the request is not out yet.</summary>
    public bool HasMore => IsAsking && _sent < request.Length;

    public Socket Socket => _socket!;

    /// <summary>Connects, anew if it was connected. On loopback that takes microseconds, so it may wait.</summary>
    public void Connect()
    {
        _socket?.Dispose();
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (anew)
            _socket.Bind(new IPEndPoint(NextSource(), port: 0));
        _socket.Connect(server);
        _socket.Blocking = false;
        Answer.Reset();
        IsAsking = false;
    }

    /// <summary>Begins a request.</summary>
    /// <returns>Whether all of it went out; if not, call <see cref="SendRest"/> when there is room.</returns>
    public bool Ask(long due)
    {
        (Due, IsAsking, _sent) = (due, true, 0);
        return SendRest();
    }

    /// <summary>Sends what is left of the request.</summary>
    /// <returns>Whether all of it is out.</returns>
    public bool SendRest()
    {
        while (_sent < request.Length)
        {
            var count = Socket.Send(request.AsSpan(_sent), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return false;
            if (error != SocketError.Success)
            {
                // The reading side finds out why.
                _sent = request.Length;
                return true;
            }

            _sent += count;
        }

        return true;
    }

    public void Dispose() => _socket?.Dispose();

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
