using System.Buffers.Binary;
using CsCheck;
using OrleansLb.Core.WebSockets;

namespace OrleansLb.Core.Tests.WebSockets;

public sealed class FrameBoundariesTests
{
    // Around the places where the form of the length changes (RFC 6455, 5.2).
    private static readonly Gen<int> Lengths = Gen.OneOf(Gen.Int[0, 4], Gen.Int[124, 130], Gen.Int[65533, 65540]);
    private static readonly Gen<byte[]> Frames = Gen.Select(Lengths, Gen.Bool, Gen.Bool).Select(static (length, isMasked, isLast) => Frame(isLast ? (byte)0x82 : (byte)0x02, length, isMasked));

    [Fact]
    public void Follow_FramesInAnyPieces_KnowsWhereOneEnds() => Gen.Select(Frames.Array[1, 6], Gen.Int[1, 70_000].Array[1, 8]).Sample(static (frames, pieces) =>
    {
        var (all, ends) = (frames.SelectMany(static frame => frame).ToArray(), Ends(frames));
        var boundaries = new FrameBoundaries();
        Assert.True(boundaries.IsAtEnd);
        for (int at = 0, i = 0; at < all.Length; i++)
        {
            var length = Math.Min(pieces[i % pieces.Length], all.Length - at);
            boundaries.Follow(all.AsSpan(at, length));
            at += length;
            Assert.Equal(ends.Contains(at), boundaries.IsAtEnd);
            Assert.False(boundaries.HasClosed);
        }
    });

    [Fact]
    public void Follow_ByteByByte_KnowsWhereOneEnds() => Frames.Array[1, 3].Sample(static frames =>
    {
        var ends = Ends(frames);
        var boundaries = new FrameBoundaries();
        var at = 0;
        foreach (var value in frames.SelectMany(static frame => frame))
        {
            boundaries.Follow([value]);
            Assert.Equal(ends.Contains(++at), boundaries.IsAtEnd);
        }
    }, iter: 20);

    [Fact]
    public void HasClosed_ACloseFrame_OnceItIsWhole()
    {
        var boundaries = new FrameBoundaries();
        boundaries.Follow([0x88, 0x02, 0x03]);
        Assert.False(boundaries.HasClosed);
        boundaries.Follow([0xe8]);
        Assert.True(boundaries.HasClosed);
        Assert.True(boundaries.IsAtEnd);
    }

    private static HashSet<int> Ends(IEnumerable<byte[]> frames)
    {
        var at = 0;
        return [.. frames.Select(frame => at += frame.Length)];
    }

    private static byte[] Frame(byte first, int length, bool isMasked)
    {
        var mask = isMasked ? 0x80 : 0;
        byte[] lengthBytes = length switch
        {
            <= 125 => [(byte)(mask | length)],
            <= ushort.MaxValue => [(byte)(mask | 126), (byte)(length >> 8), (byte)length],
            _ => [(byte)(mask | 127), .. BigEndian(length)],
        };
        return [first, .. lengthBytes, .. new byte[isMasked ? 4 : 0], .. Enumerable.Repeat((byte)0x88, length)];
    }

    private static byte[] BigEndian(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
