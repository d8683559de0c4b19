using System.Buffers.Binary;

namespace OrleansLb.Core.Http2;

/// <summary>
/// Finds, in the frames that a server sends on one connection of HTTP/2, the resets of streams that its client brought about by frames that make no sense there (CVE-2025-8671): the request is on its
/// way to a backend, and its stream is free for another. Resets for other reasons are the server's own. Not thread-safe.
/// </summary>
public sealed class ResetMeter
{
    private const int HeadLength = 9;
    private const int CodeLength = 4;
    private const byte ResetStream = 0x3;

    // RFC 9113, section 7.
    private const uint ProtocolError = 1;
    private const uint FlowControlError = 3;
    private const uint StreamClosed = 5;
    private const uint FrameSizeError = 6;

    // The head, and of resets what comes after it.
    private readonly byte[] _head = new byte[HeadLength + CodeLength];
    private int _headRead;
    private long _passing;

    /// <summary>Looks at what the server sends: each byte once, in order.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>How many such resets ended within them.</returns>
    public int Read(ReadOnlySpan<byte> bytes)
    {
        var provoked = 0;
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
                provoked += End();
        }

        return provoked;
    }

    private bool IsReset => _headRead >= HeadLength && _head[3] == ResetStream && Length == CodeLength;

    private int Wanted => IsReset ? HeadLength + CodeLength : HeadLength;

    private int Length => BinaryPrimitives.ReadInt32BigEndian(_head) >>> 8;

    private int End()
    {
        var isReset = IsReset;
        (_headRead, _passing) = (0, isReset ? 0 : Length);
        return isReset && BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(HeadLength)) is ProtocolError or FlowControlError or StreamClosed or FrameSizeError ? 1 : 0;
    }
}
