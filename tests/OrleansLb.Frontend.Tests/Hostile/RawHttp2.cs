using System.Buffers.Binary;
using System.Net.Security;
using System.Text;

namespace OrleansLb.Frontend.Tests.Hostile;

/// <summary>A client of HTTP/2 that sends frames as they are, which no HTTP library would (RFC 9113).</summary>
internal sealed class RawHttp2(SslStream stream) : IAsyncDisposable
{
    public const byte Data = 0x0;
    public const byte Headers = 0x1;
    public const byte Priority = 0x2;
    public const byte Reset = 0x3;
    public const byte Settings = 0x4;
    public const byte PushPromise = 0x5;
    public const byte Ping = 0x6;
    public const byte GoAway = 0x7;
    public const byte WindowUpdate = 0x8;
    public const byte Continuation = 0x9;

    public const byte EndStream = 0x1;
    public const byte Ack = 0x1;
    public const byte EndHeaders = 0x4;

    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly MemoryStream _out = new();

    // Said before the last answers.
    private bool _isOver;

    /// <summary>A frame.</summary>
    public static byte[] Frame(byte type, byte flags, int streamId, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>A frame whose payload is one number.</summary>
    public static byte[] Number(byte type, byte flags, int streamId, uint number)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, number);
        return Frame(type, flags, streamId, payload);
    }

    /// <summary>Fields, each a literal that is not remembered (RFC 7541, 6.2.2).</summary>
    public static byte[] Fields(params (string Name, string Value)[] fields) => [.. fields.SelectMany(static field => Literal(field.Name, field.Value))];

    /// <summary>The fields of a request that is in order.</summary>
    public static (string Name, string Value)[] Request(string path = "/id") => [(":method", "GET"), (":scheme", "https"), (":authority", "example.com"), (":path", path)];

    /// <summary>A request, in order, without a body.</summary>
    public static byte[] Get(int streamId, string path = "/id") => Frame(Headers, EndStream | EndHeaders, streamId, Fields(Request(path)));

    /// <summary>Says that it speaks HTTP/2.</summary>
    public Task Begin() => Send([.. Preface, .. Frame(Settings, 0, 0)]);

    /// <summary>Sends as much as the other side takes; false if it has ended the connection.</summary>
    public async Task<bool> Send(byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Everything that is said until a stream or the connection ends, or until a number of pings were answered.</summary>
    public async Task<Http2End> Read(int pings = int.MaxValue)
    {
        var head = new byte[9];
        while (await ReadWhole(head))
        {
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
            if (!await ReadWhole(payload))
                break;
            var streamId = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
            switch (head[3])
            {
                case GoAway:
                    var code = BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(4));
                    if (code != 0)
                        return new Http2End("GOAWAY", code, 0);
                    _isOver = true;
                    break;
                case Reset:
                    return new Http2End("RST_STREAM", BinaryPrimitives.ReadUInt32BigEndian(payload), streamId);
                case Headers:
                    await _out.WriteAsync(payload);
                    if ((head[4] & EndStream) != 0)
                        return new Http2End("END", 0, streamId);
                    break;
                case Data:
                    await _out.WriteAsync(payload);
                    if ((head[4] & EndStream) != 0)
                        return new Http2End("END", 0, streamId);
                    break;
                case Ping when (head[4] & Ack) != 0 && --pings == 0:
                    return new Http2End("OPEN", 0, 0);
                default:
                    break;
            }
        }

        return new Http2End(_isOver ? "GOAWAY" : "CLOSED", 0, 0);
    }

    /// <summary>The answers as they came, heads and bodies.</summary>
    public string Seen => Encoding.Latin1.GetString(_out.ToArray());

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        await _out.DisposeAsync();
    }

    private static byte[] Literal(string name, string value)
    {
        var (nameBytes, valueBytes) = (Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));
        return [0, .. Length(nameBytes.Length), .. nameBytes, .. Length(valueBytes.Length), .. valueBytes];
    }

    // RFC 7541, 5.1, with a prefix of seven bits.
    private static byte[] Length(int length)
    {
        if (length < 127)
            return [(byte)length];
        var bytes = new List<byte> { 127 };
        for (length -= 127; length >= 128; length /= 128)
            bytes.Add((byte)((length % 128) | 128));
        bytes.Add((byte)length);
        return [.. bytes];
    }

    private async Task<bool> ReadWhole(byte[] buffer)
    {
        try
        {
            return await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken) == buffer.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
