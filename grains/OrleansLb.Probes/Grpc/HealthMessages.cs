using System.Buffers.Binary;
using System.Text;

namespace OrleansLb.Probes.Grpc;

/// <summary>
/// The two messages of grpc.health.v1.Health/Check in the encodings of gRPC (length-prefixed messages) and of protocol buffers. Written by
/// hand because they have one field each, where the gRPC client would bring three packages into every silo and front-end.
/// </summary>
internal static class HealthMessages
{
    /// <summary>The value of ServingStatus.SERVING.</summary>
    public const long Serving = 1;

    private const int PrefixLength = 5;
    private const int LongestVarint = 10;
    private const uint StatusField = 1;

    private enum WireType : uint
    {
        Varint = 0,
        Fixed64 = 1,
        Length = 2,
        Fixed32 = 5,
    }

    /// <summary>HealthCheckRequest { string service = 1; }, framed.</summary>
    public static byte[] Request(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        var message = new List<byte>(name.Length + LongestVarint);
        if (name.Length > 0)
        {
            message.Add((byte)((1 << 3) | (uint)WireType.Length));
            WriteVarint(message, (uint)name.Length);
            message.AddRange(name);
        }

        var framed = new byte[PrefixLength + message.Count];
        BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), (uint)message.Count);
        message.CopyTo(framed, PrefixLength);
        return framed;
    }

    /// <summary>Reads HealthCheckResponse { ServingStatus status = 1; }, framed. Fields that are not known are passed over.</summary>
    /// <param name="framed">All bytes of the answer.</param>
    /// <param name="status">The status; 0 (UNKNOWN) when the message does not say.</param>
    /// <returns>Whether it is exactly one well-formed message that is not compressed.</returns>
    public static bool TryReadResponse(ReadOnlySpan<byte> framed, out long status)
    {
        status = 0;
        if (framed.Length < PrefixLength || framed[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(framed[1..]) != framed.Length - PrefixLength)
            return false;
        var message = framed[PrefixLength..];
        while (!message.IsEmpty)
        {
            if (!TryReadVarint(ref message, out var tag) || tag >> 3 == 0 || !TryReadField(ref message, (WireType)(tag & 7), out var value))
                return false;
            if (tag == ((StatusField << 3) | (uint)WireType.Varint))
                status = (long)value;
        }

        return true;
    }

    private static bool TryReadField(ref ReadOnlySpan<byte> message, WireType type, out ulong value)
    {
        value = 0;
        return type switch
        {
            WireType.Varint => TryReadVarint(ref message, out value),
            WireType.Length => TryReadVarint(ref message, out var length) && TrySkip(ref message, length),
            WireType.Fixed64 => TrySkip(ref message, sizeof(ulong)),
            WireType.Fixed32 => TrySkip(ref message, sizeof(uint)),
            _ => false,
        };
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> message, ulong length)
    {
        if (length > (ulong)message.Length)
            return false;
        message = message[(int)length..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(message.Length, LongestVarint); i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] >= 0x80)
                continue;
            message = message[(i + 1)..];
            return true;
        }

        return false;
    }

    private static void WriteVarint(List<byte> message, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            message.Add((byte)(value | 0x80));
        message.Add((byte)value);
    }
}
