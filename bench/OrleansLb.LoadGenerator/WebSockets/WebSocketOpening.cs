using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace OrleansLb.LoadGenerator.WebSockets;

/// <summary>How a WebSocket begins (RFC 6455, section 4).</summary>
internal static class WebSocketOpening
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int LongestHead = 16 * 1024;

    /// <summary>What a server answers with.</summary>
    /// <param name="key">Key of the client.</param>
    public static byte[] Accept(string key)
    {
#pragma warning disable CA5350 // The standard has it so; it protects nothing.
        var proof = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
        return Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {proof}\r\n\r\n");
    }

    /// <summary>Asks for one and waits until it is open.</summary>
    /// <param name="socket">A connection that may wait.</param>
    /// <param name="request">The request.</param>
    /// <exception cref="IOException">It was refused.</exception>
    public static void Open(Socket socket, byte[] request)
    {
        socket.Send(request);
        var (head, length) = (new byte[LongestHead], 0);
        while (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var count = length < LongestHead ? socket.Receive(head, length, LongestHead - length, SocketFlags.None) : 0;
            if (count == 0)
                throw new IOException("The connection ended before a WebSocket was open.");
            length += count;
        }

        var text = Encoding.ASCII.GetString(head, 0, length);
        if (!text.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
            throw new IOException($"A WebSocket was asked for, and answered with: {text.Split('\r')[0]}");
    }
}
