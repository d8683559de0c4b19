using System.Buffers.Binary;

namespace OrleansLb.Core.Http2;

/// <summary>
/// Counts the frames that a client sends on one connection of HTTP/2 (RFC 9113, section 4.1), and says when it does one thing too often. It looks at heads of frames alone; whether they make sense
/// is for the server to say. Not thread-safe.
/// </summary>
public sealed class FrameMeter
{
    private const int PrefaceLength = 24;
    private const int HeadLength = 9;

    private const byte Data = 0x0;
    private const byte Headers = 0x1;
    private const byte Priority = 0x2;
    private const byte ResetStream = 0x3;
    private const byte Settings = 0x4;
    private const byte Ping = 0x6;
    private const byte Continuation = 0x9;

    private const byte EndsStream = 0x1;
    private const byte IsAnswer = 0x1;

    private readonly byte[] _head = new byte[HeadLength];
    private int _headRead;
    private long _passing = PrefaceLength;
    private TimeSpan _windowBegan;
    private int _resets;
    private int _control;
    private int _pings;
    private int _emptyData;
    private int _continuations;

    /// <summary>Looks at what the client sent: each byte once, in order, from its preface on.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>What it does too often.</returns>
    public Http2Abuse Read(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        while (!bytes.IsEmpty)
        {
            var passed = (int)Math.Min(_passing, bytes.Length);
            _passing -= passed;
            bytes = bytes[passed..];
            var taken = Math.Min(HeadLength - _headRead, bytes.Length);
            bytes[..taken].CopyTo(_head.AsSpan(_headRead));
            _headRead += taken;
            bytes = bytes[taken..];
            if (_headRead == HeadLength && Count(now) is var abuse and not Http2Abuse.None)
                return abuse;
        }

        return Http2Abuse.None;
    }

    /// <summary>Counts streams that the server reset because of what the client sent, with those that the client resets by itself: it is the same to whoever works for them.</summary>
    /// <param name="resets">How many.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>Whether it does that too often.</returns>
    public Http2Abuse Provoke(int resets, TimeSpan now)
    {
        Turn(now);
        _resets += resets;
        return _resets > Http2Limits.Resets ? Http2Abuse.Resets : Http2Abuse.None;
    }

    private Http2Abuse Count(TimeSpan now)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(_head) >>> 8;
        (_headRead, _passing) = (0, length);
        Turn(now);
        return Count(_head[3], _head[4], length);
    }

    private void Turn(TimeSpan now)
    {
        if (now - _windowBegan >= Http2Limits.Window)
            (_windowBegan, _resets, _control, _pings, _emptyData) = (now, 0, 0, 0, 0);
    }

    private Http2Abuse Count(byte type, byte flags, int length)
    {
        switch (type)
        {
            case Data:
                return length == 0 && (flags & EndsStream) == 0 && ++_emptyData > Http2Limits.EmptyData ? Http2Abuse.EmptyData : Http2Abuse.None;
            case Headers:
                _continuations = 0;
                return Http2Abuse.None;
            case ResetStream:
                return ++_resets > Http2Limits.Resets ? Http2Abuse.Resets : Http2Abuse.None;
            case Priority or Settings:
                return ++_control > Http2Limits.Control ? Http2Abuse.Control : Http2Abuse.None;
            case Ping:
                return (flags & IsAnswer) == 0 && ++_pings > Http2Limits.Pings ? Http2Abuse.Pings : Http2Abuse.None;
            case Continuation:
                return ++_continuations > Http2Limits.Continuations ? Http2Abuse.Continuations : Http2Abuse.None;
            default:
                return Http2Abuse.None;
        }
    }
}
