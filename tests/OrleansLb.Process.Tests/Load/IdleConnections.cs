using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Process.Tests.Load;

/// <summary>Clients that have asked once and keep their connections, saying nothing.</summary>
internal sealed class IdleConnections : IDisposable
{
    private const int AtATime = 100;

    private readonly List<Socket> _sockets = [];

    public int Count => _sockets.Count;

    /// <summary>Connects, asks once on each connection and leaves it open.</summary>
    public async Task Open(Uri address, int count)
    {
        foreach (var part in Enumerable.Range(0, count).Chunk(AtATime))
        {
            var sockets = part.Select(static _ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
            _sockets.AddRange(sockets);
            await Task.WhenAll(sockets.Select(socket => socket.ConnectAsync(IPAddress.Loopback, address.Port)));
            Assert.All(await Task.WhenAll(sockets.Select(Ask)), static answer => Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal));
        }
    }

    /// <summary>How many the other side has closed, or said something on that nobody asked for.</summary>
    public int Ended() => _sockets.Count(static socket => socket.Poll(0, SelectMode.SelectRead));

    /// <summary>Asks on each once more and returns how many answer with 200.</summary>
    public async Task<int> Answering()
    {
        var answering = 0;
        foreach (var part in _sockets.Chunk(AtATime))
            answering += (await Task.WhenAll(part.Select(Ask))).Count(static answer => answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal));
        return answering;
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    /// <summary>The answer, which fits into one buffer; what went wrong instead of one.</summary>
    private static async Task<string> Ask(Socket socket)
    {
        try
        {
            await socket.SendAsync("GET /idle HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
            var (buffer, length) = (new byte[4096], 0);
            do
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length));
                if (read == 0)
                    return "closed";
                length += read;
            }
            while (!IsWhole(Encoding.ASCII.GetString(buffer, 0, length)));
            return Encoding.ASCII.GetString(buffer, 0, length);
        }
        catch (SocketException exception)
        {
            return exception.Message;
        }
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        const string Chunked = "Transfer-Encoding: chunked";
        if (text[..end].Contains(Chunked, StringComparison.OrdinalIgnoreCase))
            return text.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
        const string Length = "Content-Length:";
        var at = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase) + Length.Length;
        return text.Length >= end + 4 + int.Parse(text.AsSpan(at, text.IndexOf('\r', at) - at), System.Globalization.NumberStyles.AllowLeadingWhite, System.Globalization.CultureInfo.InvariantCulture);
    }
}
