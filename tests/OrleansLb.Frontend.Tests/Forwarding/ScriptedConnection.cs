using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>One connection at a backend whose every byte is the test's.</summary>
internal sealed class ScriptedConnection(Socket socket) : IDisposable
{
    private readonly List<byte> _received = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A request's head.</summary>
    internal Task<string> ReadHead() => ReadTo("\r\n\r\n");

    /// <summary>What comes up to a text, the text included.</summary>
    internal async Task<string> ReadTo(string end)
    {
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. _received]);
            var found = text.IndexOf(end, StringComparison.Ordinal);
            if (found >= 0)
            {
                _received.RemoveRange(0, found + end.Length);
                return text[..(found + end.Length)];
            }

            if (await Receive() == 0)
                throw new EndOfStreamException($"After \"{text}\", not \"{end}\".");
        }
    }

    /// <summary>Waits until the other side ends the connection; what comes before is thrown away.</summary>
    internal async Task AwaitEnd()
    {
        try
        {
            while (await Receive() > 0)
                _received.Clear();
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
    }

    /// <summary>How many bytes come until the other side ends the connection.</summary>
    internal async Task<int> CountRest()
    {
        while (await Receive() > 0)
        {
            // All of them are kept.
        }

        return _received.Count;
    }

    internal async Task Send(string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text), SocketFlags.None, Cancellation);

    /// <summary>Answers the next request.</summary>
    internal async Task<string> Answer(string answer)
    {
        var head = await ReadHead();
        await Send(answer);
        return head;
    }

    internal void Close() => socket.Dispose();

    internal void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private async Task<int> Receive()
    {
        var buffer = new byte[16 * 1024];
        var read = await socket.ReceiveAsync(buffer, SocketFlags.None, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        _received.AddRange(buffer.AsSpan(0, read));
        return read;
    }
}
