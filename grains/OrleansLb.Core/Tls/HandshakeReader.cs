using System.Buffers;

namespace OrleansLb.Core.Tls;

/// <summary>The bytes of messages of a handshake, one after the other, whichever records they are cut into (RFC 8446, 5.1). It has nothing of its own, so that a copy looks ahead.</summary>
internal ref struct HandshakeReader
{
    private const byte HandshakeRecord = 22;
    private const byte Major = 3;
    private const int LongestRecord = 16 * 1024;

    private SequenceReader<byte> _records;

    // What of the present record is not read yet.
    private int _left;

    /// <summary>Reads from a beginning of records.</summary>
    public HandshakeReader(in ReadOnlySequence<byte> records) => _records = new SequenceReader<byte>(records);

    /// <summary>Bytes of messages that were read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether what follows is no record of a handshake, so that no further byte mends it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Reads a number, its first byte the highest.</summary>
    /// <param name="size">Bytes that it has; 3 at most.</param>
    /// <param name="value">The number.</param>
    /// <returns>Whether it is there in full.</returns>
    public bool TryRead(int size, out int value)
    {
        value = 0;
        for (var i = 0; i < size; i++)
        {
            if (!TryEnterRecord() || !_records.TryRead(out var next))
                return false;
            value = value << 8 | next;
            Take(1);
        }

        return true;
    }

    /// <summary>Steps over bytes.</summary>
    /// <returns>Whether they are there in full.</returns>
    public bool TrySkip(int count)
    {
        while (count > 0)
        {
            if (!TryEnterRecord() || _records.End)
                return false;
            var part = (int)Math.Min(Math.Min(count, _left), _records.Remaining);
            _records.Advance(part);
            Take(part);
            count -= part;
        }

        return true;
    }

    private void Take(int count) => (_left, Position) = (_left - count, Position + count);

    private bool TryEnterRecord()
    {
        if (_left > 0)
            return true;
        if (IsBroken || _records.Remaining < 5)
            return false;
        _records.TryRead(out var type);
        _records.TryRead(out var major);
        _records.Advance(1);
        _records.TryReadBigEndian(out short length);
        // An empty one would be no end of them.
        IsBroken = type != HandshakeRecord || major != Major || length is <= 0 or > LongestRecord;
        _left = IsBroken ? 0 : length;
        return !IsBroken;
    }
}
