using System.Buffers;
using System.Buffers.Binary;

namespace OrleansLb.Clustering.Connections;

/// <summary>What Orleans takes for the beginning of a message: the lengths of its header and of its body, 32 bits each, little-endian.</summary>
/// <param name="LongestHeader">Most bytes of a header.</param>
/// <param name="LongestBody">Most bytes of a body.</param>
internal sealed record MessageFrames(int LongestHeader, int LongestBody)
{
    private const int LengthsSize = 8;

    /// <summary>Whether one of some messages has lengths that none may have.</summary>
    /// <param name="read">What was read, from where a message begins; the last one may lack its end.</param>
    public bool HasWrongLengths(in ReadOnlySequence<byte> read)
    {
        var left = read;
        Span<byte> lengths = stackalloc byte[LengthsSize];
        while (left.Length >= LengthsSize)
        {
            left.Slice(0, LengthsSize).CopyTo(lengths);
            var (header, body) = (BinaryPrimitives.ReadInt32LittleEndian(lengths), BinaryPrimitives.ReadInt32LittleEndian(lengths[sizeof(int)..]));
            if (header <= 0 || header > LongestHeader || body < 0 || body > LongestBody)
                return true;
            if (left.Length - LengthsSize - header < body)
                return false;
            left = left.Slice(LengthsSize + header + body);
        }

        return false;
    }
}
