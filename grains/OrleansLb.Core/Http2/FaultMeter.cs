using System.Buffers.Binary;

namespace OrleansLb.Core.Http2;

/// <summary>
/// Finds, in the frames that a server sends on one connection of HTTP/2, what it says that its client did wrong (RFC 9113, sections 5.4, 6.4 and 6.8). Nobody else tells: such requests reach no
/// handler. Of resets some have their request on its way to a backend, and their stream is free for another (CVE-2025-8671). What is the server's own doing is none of it. Not thread-safe.
/// </summary>
public sealed class FaultMeter
{
    private const int HeadLength = 9;
    private const int CodeLength = 4;
    private const byte ResetStream = 0x3;
    private const byte GoAway = 0x7;

    // RFC 9113, section 7.
    private const uint ProtocolError = 1;
    private const uint FlowControlError = 3;
    private const uint SettingsTimeout = 4;
    private const uint StreamClosed = 5;
    private const uint FrameSizeError = 6;
    private const uint RefusedStream = 7;
    private const uint CompressionError = 9;
    private const uint EnhanceYourCalm = 11;

    // The head, and of frames that have a code what comes before it and the code itself.
    private readonly byte[] _head = new byte[HeadLength + CodeLength + CodeLength];
    private int _headRead;
    private long _passing;

    /// <summary>Looks at what the server sends: each byte once, in order.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>What ended within them.</returns>
    public Http2Faults Read(ReadOnlySpan<byte> bytes)
    {
        var faults = default(Http2Faults);
        while (!bytes.IsEmpty)
        {
            var passed = (int)Math.Min(_passing, bytes.Length);
            _passing -= passed;
            bytes = bytes[passed..];
            var taken = Math.Min(Wanted - _headRead, bytes.Length);
            bytes[..taken].CopyTo(_head.AsSpan(_headRead));
            _headRead += taken;
            bytes = bytes[taken..];
            if (_headRead == Wanted)
                faults += End();
        }

        return faults;
    }

    private int Wanted => HeadLength + LengthToCode;

    private int LengthToCode => _headRead < HeadLength ? 0 : (_head[3], Length) switch
    {
        (ResetStream, CodeLength) => CodeLength,
        // The last stream comes first, and a text may follow.
        (GoAway, >= CodeLength + CodeLength) => CodeLength + CodeLength,
        _ => 0,
    };

    private int Length => BinaryPrimitives.ReadInt32BigEndian(_head) >>> 8;

    private Http2Faults End()
    {
        var read = LengthToCode;
        (_headRead, _passing) = (0, Length - read);
        return read == 0 ? default : FaultOf(_head[3], BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(HeadLength + read - CodeLength)));
    }

    private static Http2Faults FaultOf(byte type, uint code) => (type, code) switch
    {
        (ResetStream, ProtocolError or FlowControlError or StreamClosed or FrameSizeError) => new Http2Faults(1, 0, 0),
        (ResetStream, RefusedStream) => new Http2Faults(0, 1, 0),
        (GoAway, ProtocolError or FlowControlError or SettingsTimeout or StreamClosed or FrameSizeError or CompressionError or EnhanceYourCalm) => new Http2Faults(0, 0, 1),
        _ => default,
    };
}
