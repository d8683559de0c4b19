using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Frontend.Tests;

/// <summary>A client that sends bytes as they are, which no HTTP library would.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _tcp = new();

    // Kept: a connection that the other side has ended has none to give, and what it said before can still be read.
    private NetworkStream _stream = null!;

    internal static async Task<RawConnection> Open(Uri address, CancellationToken cancellation)
    {
        var connection = new RawConnection();
        await connection._tcp.ConnectAsync(address.Host, address.Port, cancellation);
        connection._stream = connection._tcp.GetStream();
        return connection;
    }

    internal ValueTask Send(string text, CancellationToken cancellation) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);

    /// <summary>What comes up to a text, the text included.</summary>
    internal async Task<string> ReadTo(string end, CancellationToken cancellation)
    {
        var received = new List<byte>();
        var next = new byte[1];
        while (!Encoding.Latin1.GetString([.. received]).EndsWith(end, StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(next, cancellation);
            received.Add(next[0]);
        }

        return Encoding.Latin1.GetString([.. received]);
    }

    /// <summary>All that comes until the other side closes.</summary>
    internal async Task<string> ReadToEnd(CancellationToken cancellation)
    {
        using var received = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(received, cancellation);
        }
        catch (IOException)
        {
            // A reset ends the connection as well as a close does; what came before it counts.
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    /// <summary>Says that nothing more comes.</summary>
    internal void End() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks it off.</summary>
    internal void Reset()
    {
        _tcp.Client.LingerState = new LingerOption(true, 0);
        _tcp.Close();
    }

    public void Dispose() => _tcp.Dispose();
}
