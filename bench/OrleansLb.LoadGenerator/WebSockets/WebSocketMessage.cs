using System.Buffers.Binary;

namespace OrleansLb.LoadGenerator.WebSockets;

/// <summary>A text message in one frame (RFC 6455, section 5.2), as a client sends it and as it comes back.</summary>
public static class WebSocketMessage
{
    internal const byte Final = 0x80;
    internal const byte Text = 0x1;
    internal const byte Close = 0x8;
    internal const byte Masked = 0x80;
    internal const int MaskLength = 4;
    internal const int ShortLength = 125;
    internal const int TwoBytesOfLength = 126;

    // Any will do: it keeps proxies that know no WebSockets from being fooled, and there is none of them here.
    private static ReadOnlySpan<byte> Mask => [0x1b, 0x4c, 0x77, 0xe9];

    /// <summary>The frame of a client.</summary>
    /// <param name="length">Bytes of text, to 65,535.</param>
    public static byte[] FromClient(int length)
    {
        var head = Head(length, Masked);
        byte[] frame = [.. head, .. Mask, .. Payload(length)];
        Unmask(frame.AsSpan(head.Length + MaskLength), Mask);
        return frame;
    }

    /// <summary>The same message, as a server sends it.</summary>
    /// <param name="length">Bytes of text, to 65,535.</param>
    public static byte[] FromServer(int length) => [.. Head(length, mask: 0), .. Payload(length)];

    /// <summary>Puts a mask on, or takes it off.</summary>
    internal static void Unmask(Span<byte> payload, ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < payload.Length; i++)
            payload[i] ^= mask[i % MaskLength];
    }

    /// <summary>What comes before the payload, or before the mask.</summary>
    internal static byte[] Head(int length, byte mask, byte opcode = Text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ushort.MaxValue);
        if (length <= ShortLength)
            return [(byte)(Final | opcode), (byte)(mask | length)];
        byte[] head = [(byte)(Final | opcode), (byte)(mask | TwoBytesOfLength), 0, 0];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), (ushort)length);
        return head;
    }

    private static byte[] Payload(int length)
    {
        var payload = new byte[length];
        payload.AsSpan().Fill((byte)'x');
        return payload;
    }
}
