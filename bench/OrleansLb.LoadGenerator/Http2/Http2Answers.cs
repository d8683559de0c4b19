using System.Buffers.Binary;
using System.Text;

namespace OrleansLb.LoadGenerator.Http2;

/// <summary>What the backend says over HTTP/2. Fields are written as HPACK has them without its table (RFC 7541, section 6.2.2), so that nothing of a connection has to be remembered.</summary>
internal static class Http2Answers
{
    public const int FrameHead = 9;
    public const byte EndStream = 0x1;
    public const byte Acknowledged = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Padded = 0x8;
    public const byte WithPriority = 0x20;

    private const byte Status200 = 0x88;
    private const byte NewName = 0x00;
    private const int LiteralBits = 15;
    private const int ContentLength = 28;
    private const int ContentType = 31;
    private const int UsualLength = 100;
    private const int GrpcHead = 5;

    /// <summary>Fields of an answer to anything but a call.</summary>
    public static byte[] PlainHead { get; } = [Status200, .. Field(ContentType, "text/plain"), .. Field(ContentLength, "100")];

    public static byte[] PlainBody { get; } = Filled(UsualLength);

    /// <summary>Fields before the messages of a call.</summary>
    public static byte[] GrpcStart { get; } = [Status200, .. Field(ContentType, "application/grpc")];

    /// <summary>Fields after them: that it went well.</summary>
    public static byte[] GrpcEnd { get; } = [NewName, .. Text("grpc-status"), .. Text("0")];

    /// <summary>The head of a frame.</summary>
    public static void WriteHead(Span<byte> head, int length, FrameType type, byte flags, int stream)
    {
        BinaryPrimitives.WriteInt32BigEndian(head, (length << 8) | (int)type);
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
    }

    /// <summary>A message of gRPC: not compressed, its length, and so many bytes.</summary>
    public static byte[] Message(int length)
    {
        var message = new byte[GrpcHead + length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length);
        message.AsSpan(GrpcHead).Fill((byte)'x');
        return message;
    }

    private static byte[] Filled(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)'x');
        return bytes;
    }

    // A field whose name is in the static table beyond what four bits can say.
    private static byte[] Field(int name, string value) => [LiteralBits, (byte)(name - LiteralBits), .. Text(value)];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
