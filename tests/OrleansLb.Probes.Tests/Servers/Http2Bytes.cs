using System.Net.Sockets;

namespace OrleansLb.Probes.Tests.Servers;

/// <summary>Frames of HTTP/2 as they are on the wire.</summary>
internal static class Http2Bytes
{
    private const int PrefaceLength = 24;
    private const int HeadLength = 9;
    private const int HeadersType = 1;

    /// <summary>A SETTINGS frame without settings.</summary>
    public static byte[] Settings { get; } = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    /// <summary>Reads from a client's connection until the head of its first request is there.</summary>
    public static async Task ReadToRequest(Socket socket, CancellationToken cancellationToken)
    {
        await Read(socket, PrefaceLength, cancellationToken);
        byte[] head;
        do
        {
            head = await Read(socket, HeadLength, cancellationToken);
            await Read(socket, (head[0] << 16) | (head[1] << 8) | head[2], cancellationToken);
        }
        while (head[3] != HeadersType);
    }

    private static async Task<byte[]> Read(Socket socket, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(read), cancellationToken);
            read += more > 0 ? more : throw new SocketException((int)SocketError.ConnectionReset);
        }

        return bytes;
    }
}
