using System.Net.Sockets;
using OrleansLb.LoadGenerator.Http;

namespace OrleansLb.LoadGenerator.Backends;

/// <summary>A connection to the backend, with the rest of what did not go out at once.</summary>
internal sealed class BackendConnection(Socket socket)
{
    private ReadOnlyMemory<byte> _answer;
    private int _sent;

    public Socket Socket { get; } = socket;

    public MessageReader Request { get; } = new();

    /// <summary>What is spoken on it once it has left HTTP/1.1.</summary>
    public IBackendSession? Session { get; set; }

    public bool HasMore => _sent < _answer.Length;

    public bool WaitsForRoom { get; set; }

    public void Begin(ReadOnlyMemory<byte> answer) => (_answer, _sent) = (answer, 0);

    /// <summary>Sends as much as there is room for.</summary>
    /// <returns>Whether the connection is alive.</returns>
    public bool TrySend()
    {
        while (HasMore)
        {
            var count = Socket.Send(_answer.Span[_sent..], SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return true;
            if (error != SocketError.Success)
                return false;
            _sent += count;
        }

        return true;
    }
}
