using System.Buffers.Binary;
using System.Text;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>Writes messages of Protocol Buffers into memory that is used again. The length of a message within another is filled in at its end, in as many bytes as were left for it.</summary>
internal sealed class ProtobufWriter
{
    private const int LengthBytes = 4;
    private const int LongestVarint = 10;

    private byte[] _bytes = new byte[16 << 10];
    private int _length;

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        Length = 2,
        Fixed32 = 5,
    }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Begins a message within this one.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>What to end it with.</returns>
    public int Begin(int field)
    {
        AddTag(field, WireType.Length);
        Grow(LengthBytes);
        var start = _length;
        _length += LengthBytes;
        return start;
    }

    public void End(int start)
    {
        var length = _length - start - LengthBytes;
        for (var i = 0; i < LengthBytes; i++, length >>= 7)
            _bytes[start + i] = (byte)((length & 0x7F) | (i < LengthBytes - 1 ? 0x80 : 0));
    }

    public void Add(int field, ulong value)
    {
        AddTag(field, WireType.Varint);
        AddVarint(value);
    }

    public void AddFixed64(int field, ulong value)
    {
        AddTag(field, WireType.Fixed64);
        Grow(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(ulong);
    }

    public void AddFixed32(int field, uint value)
    {
        AddTag(field, WireType.Fixed32);
        Grow(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(uint);
    }

    public void Add(int field, ReadOnlySpan<byte> value)
    {
        AddTag(field, WireType.Length);
        AddVarint((ulong)value.Length);
        Grow(value.Length);
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
    }

    public void Add(int field, ReadOnlySpan<char> value)
    {
        AddTag(field, WireType.Length);
        // Halves of characters become U+FFFD, so that it is always a text.
        var length = Encoding.UTF8.GetByteCount(value);
        AddVarint((ulong)length);
        Grow(length);
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    private void AddTag(int field, WireType type) => AddVarint((ulong)((field << 3) | (int)type));

    private void AddVarint(ulong value)
    {
        Grow(LongestVarint);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_length++] = (byte)value;
    }

    private void Grow(int more)
    {
        if (_bytes.Length - _length < more)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
