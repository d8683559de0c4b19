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
        while (TryReadLengths(left, out var header, out var body))
        {
            if (AreWrong(header, body))
                return true;
            if (!TryPass(ref left, header, body))
                return false;
        }

        return false;
    }

    /// <summary>Whether each of some messages begins as it should. What comes after lengths that none may have is not looked at, since nobody takes it.</summary>
    /// <param name="read">What was read, from where a message begins; the last one may lack its end.</param>
    /// <param name="longest">How much of a header is wanted at most. A message of which less has come cannot be taken yet, and is not looked at.</param>
    /// <param name="isInOrder">Looks at the beginning of a header.</param>
    public bool AllBegin(in ReadOnlySequence<byte> read, int longest, HeaderCheck isInOrder)
    {
        var left = read;
        while (TryReadLengths(left, out var header, out var body) && !AreWrong(header, body))
        {
            var wanted = Math.Min(header, longest);
            if (left.Length - LengthsSize < wanted)
                return true;
            if (!isInOrder(left.Slice(LengthsSize, wanted)))
                return false;
            if (!TryPass(ref left, header, body))
                return true;
        }

        return true;
    }

    private static bool TryReadLengths(in ReadOnlySequence<byte> left, out int header, out int body)
    {
        (header, body) = (0, 0);
        if (left.Length < LengthsSize)
            return false;
        Span<byte> lengths = stackalloc byte[LengthsSize];
        left.Slice(0, LengthsSize).CopyTo(lengths);
        (header, body) = (BinaryPrimitives.ReadInt32LittleEndian(lengths), BinaryPrimitives.ReadInt32LittleEndian(lengths[sizeof(int)..]));
        return true;
    }

    private static bool TryPass(ref ReadOnlySequence<byte> left, int header, int body)
    {
        if (left.Length - LengthsSize - header < body)
            return false;
        left = left.Slice(LengthsSize + header + body);
        return true;
    }

    private bool AreWrong(int header, int body) => header <= 0 || header > LongestHeader || body < 0 || body > LongestBody;
}
