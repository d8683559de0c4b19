namespace OrleansLb.Core.WebSockets;

/// <summary>
/// Follows the frames of one direction of a WebSocket (RFC 6455, 5.2) as they go by, in whatever pieces, to tell where one ends: only there may another frame be put in between, but there also in
/// the middle of a message (5.4). What is in the frames it does not look at. Not thread-safe.
/// </summary>
public sealed class FrameBoundaries
{
    private const int ShortLength = 125;
    private const int TwoBytes = 126;
    private const int MaskBit = 0x80;
    private const int MaskLength = 4;
    private const int CloseOpcode = 8;
    private const int OpcodeBits = 0x0f;

    private int _headLeft = 2;
    private int _headRead;
    private int _lengthBytes;
    private ulong _length;
    private bool _isClose;

    /// <summary>Whether the last byte was the last of a frame, or there was none yet.</summary>
    public bool IsAtEnd { get; private set; } = true;

    /// <summary>Whether a Close frame went by whole, after which nothing else may.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Follows further bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            IsAtEnd = false;
            if (_headLeft > 0)
            {
                ReadHead(bytes[0]);
                bytes = bytes[1..];
            }
            else
            {
                var part = (int)Math.Min((ulong)bytes.Length, _length);
                _length -= (uint)part;
                bytes = bytes[part..];
            }

            if (_headLeft == 0 && _length == 0)
                End();
        }
    }

    private void ReadHead(byte value)
    {
        _headLeft--;
        switch (_headRead++)
        {
            case 0:
                _isClose = (value & OpcodeBits) == CloseOpcode;
                break;
            case 1:
                ReadLength(value);
                break;
            case var read when read < 2 + _lengthBytes:
                _length = (_length << 8) | value;
                break;
        }
    }

    private void ReadLength(byte value)
    {
        var length = value & ~MaskBit;
        _lengthBytes = length <= ShortLength ? 0 : length == TwoBytes ? sizeof(ushort) : sizeof(ulong);
        _length = _lengthBytes == 0 ? (uint)length : 0;
        _headLeft = _lengthBytes + ((value & MaskBit) != 0 ? MaskLength : 0);
    }

    private void End()
    {
        HasClosed |= _isClose;
        (_headLeft, _headRead, IsAtEnd) = (2, 0, true);
    }
}
