using System.Buffers;
using System.Buffers.Binary;

namespace OrleansLb.Core.Tls;

/// <summary>A client of TLS 1.2 that asks for what is stapled to a certificate (RFC 6066, section 8), as far as that needs no secret: in this version the server shows it before anything is encrypted.</summary>
public static class StatusRequest
{
    private const byte HandshakeRecord = 22;
    private const byte CertificateStatus = 22;
    private const byte Ocsp = 1;
    private const int RecordHeader = 5;
    private const int MessageHeader = 4;

    private static readonly byte[] Hello =
    [
        // A record of TLS with one message, the first of a client, of version 1.2.
        HandshakeRecord, 3, 1, 0, 129, 1, 0, 0, 125, 3, 3,
        // What should be random, and no session.
        .. new byte[32], 0,
        // ECDHE with ECDSA or RSA, and AES-GCM or ChaCha20-Poly1305; no compression.
        0, 12, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0xcc, 0xa9, 0xcc, 0xa8, 1, 0,
        // Extensions: the curves that servers have, X25519 and those of NIST.
        0, 72, 0, 10, 0, 10, 0, 8, 0, 29, 0, 23, 0, 24, 0, 25, 0, 11, 0, 2, 1, 0,
        // All signatures.
        0, 13, 0, 30, 0, 28, 4, 3, 5, 3, 6, 3, 8, 7, 8, 8, 8, 4, 8, 5, 8, 6, 8, 9, 8, 10, 8, 11, 4, 1, 5, 1, 6, 1,
        // What it is all about, and what servers refuse clients without.
        0, 5, 0, 5, Ocsp, 0, 0, 0, 0, 0, 23, 0, 0, 0xff, 1, 0, 1, 0,
    ];

    /// <summary>The first message of the client.</summary>
    public static ReadOnlyMemory<byte> ClientHello => Hello;

    /// <summary>Finds what is stapled.</summary>
    /// <param name="answer">What the server answers.</param>
    /// <returns><see langword="null"/> for nothing.</returns>
    public static byte[]? Find(ReadOnlySpan<byte> answer)
    {
        for (var messages = MessagesOf(answer); messages.Length >= MessageHeader;)
        {
            var end = MessageHeader + LengthOf(messages[1..]);
            if (end > messages.Length)
                return null;
            if (messages[0] == CertificateStatus)
                return StapleOf(messages[MessageHeader..end]);
            messages = messages[end..];
        }

        return null;
    }

    /// <summary>Messages may begin in one record and end in another.</summary>
    private static ReadOnlySpan<byte> MessagesOf(ReadOnlySpan<byte> records)
    {
        var messages = new ArrayBufferWriter<byte>();
        while (records.Length >= RecordHeader)
        {
            var end = RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(records[3..]);
            if (end > records.Length)
                break;
            if (records[0] == HandshakeRecord)
                messages.Write(records[RecordHeader..end]);
            records = records[end..];
        }

        return messages.WrittenSpan;
    }

    private static byte[]? StapleOf(ReadOnlySpan<byte> status) =>
        status.Length > MessageHeader && status[0] == Ocsp && LengthOf(status[1..]) == status.Length - MessageHeader ? status[MessageHeader..].ToArray() : null;

    private static int LengthOf(ReadOnlySpan<byte> bytes) => bytes[0] << 16 | bytes[1] << 8 | bytes[2];
}
