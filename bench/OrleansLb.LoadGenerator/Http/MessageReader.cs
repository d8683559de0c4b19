using System.Buffers.Text;
using System.Text;

namespace OrleansLb.LoadGenerator.Http;

/// <summary>
/// Reads HTTP/1.1 messages off a connection: the first line, the length of the body, and the body to its end, which is not kept. A load generator's, which
/// believes the server; it knows no chunked bodies.
/// </summary>
internal sealed class MessageReader : IAnswerReader
{
    private const int LongestHead = 16 * 1024;
    private const int SwitchingProtocols = 101;

    private byte[] _head = [];
    private int _headLength;
    private long _bodyLeft = -1;

    /// <summary>The first line of the message that is being read, once its head is complete.</summary>
    public string FirstLine { get; private set; } = "";

    /// <summary>Status of an answer; 0 of a request.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the other side closes the connection after this message.</summary>
    public bool Closes { get; private set; }

    /// <summary>The key of a client that asks for a WebSocket (RFC 6455, section 4.1); empty of any other message.</summary>
    public string WebSocketKey { get; private set; } = "";

    public bool IsGood => Status == 200;

    /// <summary>Whether nothing of a next message has come.</summary>
    public bool IsBetweenMessages => _headLength == 0 && _bodyLeft < 0;

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What has come; what belongs to this message is taken off.</param>
    /// <returns>Whether the message is complete.</returns>
    /// <exception cref="FormatException">This is no HTTP/1.1, or of a kind that this does not know.</exception>
    public bool Read(ref ReadOnlySpan<byte> bytes)
    {
        if (_bodyLeft < 0 && !ReadHead(ref bytes))
            return false;
        var taken = (int)Math.Min(_bodyLeft, bytes.Length);
        bytes = bytes[taken..];
        _bodyLeft -= taken;
        if (_bodyLeft > 0)
            return false;
        _bodyLeft = -1;
        return true;
    }

    /// <summary>Forgets what it has read of a message.</summary>
    public void Reset() => (_headLength, _bodyLeft) = (0, -1);

    private bool ReadHead(ref ReadOnlySpan<byte> bytes)
    {
        if (_headLength == 0 && bytes.IndexOf("\r\n\r\n"u8) is >= 0 and var end)
        {
            // The usual case: nothing is copied.
            Parse(bytes[..(end + 2)]);
            bytes = bytes[(end + 4)..];
            return true;
        }

        return ReadRestOfHead(ref bytes);
    }

    private bool ReadRestOfHead(ref ReadOnlySpan<byte> bytes)
    {
        var before = _headLength;
        if (_head.Length == 0)
            _head = new byte[LongestHead];
        var taken = Math.Min(bytes.Length, LongestHead - before);
        bytes[..taken].CopyTo(_head.AsSpan(before));
        _headLength += taken;
        var end = _head.AsSpan(0, _headLength).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            if (_headLength == LongestHead)
                throw new FormatException($"A head is longer than {LongestHead} bytes.");
            bytes = [];
            return false;
        }

        Parse(_head.AsSpan(0, end + 2));
        bytes = bytes[(end + 4 - before)..];
        _headLength = 0;
        return true;
    }

    private void Parse(ReadOnlySpan<byte> head)
    {
        var first = head[..head.IndexOf("\r\n"u8)];
        Status = first.StartsWith("HTTP/1.1 "u8) && Utf8Parser.TryParse(first[9..], out int status, out _) ? status : 0;
        if (!FirstLineIs(first))
            FirstLine = Encoding.ASCII.GetString(first);
        (_bodyLeft, Closes, WebSocketKey) = (-1, false, "");
        for (var rest = head[(first.Length + 2)..]; !rest.IsEmpty;)
        {
            var line = rest[..rest.IndexOf("\r\n"u8)];
            rest = rest[(line.Length + 2)..];
            ReadField(line);
        }

        if (_bodyLeft >= 0)
            return;
        if (Status is not (0 or SwitchingProtocols))
            throw new FormatException($"An answer says no length: {FirstLine}");
        _bodyLeft = 0;
    }

    private void ReadField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon is not (10 or 14 or 17))
            return; // No field of interest has a name of another length.
        var name = line[..colon];
        var value = line[(colon + 1)..].Trim((byte)' ');
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
            _bodyLeft = Utf8Parser.TryParse(value, out long length, out _) && length >= 0 ? length : throw new FormatException("A length is no number.");
        else if (Ascii.EqualsIgnoreCase(name, "connection"u8))
            Closes = Ascii.EqualsIgnoreCase(value, "close"u8);
        else if (Ascii.EqualsIgnoreCase(name, "sec-websocket-key"u8))
            WebSocketKey = Encoding.ASCII.GetString(value);
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
            throw new FormatException("A body is chunked, which this reader does not know.");
    }

    // Most messages on a connection begin alike, and a text for each would be garbage.
    private bool FirstLineIs(ReadOnlySpan<byte> line) => Ascii.Equals(line, FirstLine);
}
