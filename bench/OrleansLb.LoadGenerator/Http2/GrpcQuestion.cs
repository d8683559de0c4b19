using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OrleansLb.LoadGenerator.Http2;

/// <summary>What a call asks the backend for, in its one message: so many messages of so many bytes. No path has to be read for it.</summary>
/// <param name="Messages">How many messages answer it: 1 of a unary call, more of a stream.</param>
/// <param name="Length">Bytes of each.</param>
public sealed record GrpcQuestion(int Messages, int Length)
{
    internal const int Head = 5;

    // Long enough for both numbers.
    internal const int Longest = 64;

    private const int MostMessages = 10_000;
    private const int MostLength = 16_000;

    /// <summary>The message with what comes before it, filled up to the length of those that answer it.</summary>
    public byte[] ToBody()
    {
        var message = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Messages} {Length} ").PadRight(Length, 'x'));
        var body = new byte[Head + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), message.Length);
        message.CopyTo(body, Head);
        return body;
    }

    /// <summary>Reads it.</summary>
    /// <param name="body">The first bytes of a request's body.</param>
    /// <returns><see langword="null"/> if this is no such call.</returns>
    internal static GrpcQuestion? Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length <= Head || body[0] != 0)
            return null;
        var message = body[Head..];
        return Utf8Parser.TryParse(message, out int messages, out var used) && used < message.Length && Utf8Parser.TryParse(message[(used + 1)..], out int length, out _)
            && messages is > 0 and <= MostMessages && length is >= 0 and <= MostLength
            ? new GrpcQuestion(messages, length)
            : null;
    }
}
