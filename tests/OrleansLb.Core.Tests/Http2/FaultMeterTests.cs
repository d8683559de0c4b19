using System.Buffers.Binary;
using CsCheck;
using OrleansLb.Core.Http2;

namespace OrleansLb.Core.Tests.Http2;

public sealed class FaultMeterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 1)]
    // No error, an error of ours, more streams than are allowed, not wanted any more.
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(7, 0)]
    [InlineData(8, 0)]
    public void Read_Reset_IsTheClientsDoingByItsCode(uint code, int provoked) => Assert.Equal(provoked, new FaultMeter().Read(Reset(code)).Provoked);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 1)]
    [InlineData(9, 1)]
    [InlineData(11, 1)]
    // A farewell, and what the server did wrong itself.
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(8, 0)]
    public void Read_Farewell_IsTheClientsDoingByItsCode(uint code, int connections) => Assert.Equal(new Http2Faults(0, 0, connections), new FaultMeter().Read(Farewell(code, text: 5)));

    [Fact]
    public void Read_StreamThatWasNotBegun_IsRefused() => Assert.Equal(new Http2Faults(0, 1, 0), new FaultMeter().Read(Reset(7)));

    [Fact]
    public void Read_FarewellThatIsNone_IsPassed() => Assert.Equal(new Http2Faults(1, 0, 0), new FaultMeter().Read([.. Other(7, 6), .. Reset(1)]));

    [Fact]
    public void Read_ResetWithinOtherFrames_IsNone() => Assert.Equal(default, new FaultMeter().Read([0, 0, 13, 0, 0, 0, 0, 0, 1, .. Reset(1)]));

    /// <summary>However it is cut up in being written.</summary>
    [Fact]
    public void Read_InAnyPieces_SeesTheSame() =>
        Gen.Select(Gen.Select(Gen.Int[0, 9], Gen.Int[0, 40], Gen.UInt[0, 11]).Array[1, 100], Gen.Int[1, 50].Array[1, 20]).Sample(static (frames, pieces) =>
        {
            var bytes = frames.SelectMany(static frame => frame.Item1 switch
            {
                3 => Reset(frame.Item3),
                7 => Farewell(frame.Item3, frame.Item2),
                var type => Other((byte)type, frame.Item2),
            }).ToArray();
            var meter = new FaultMeter();
            var (seen, rest) = (default(Http2Faults), bytes);
            for (var i = 0; rest.Length > 0; i++)
            {
                var piece = Math.Min(pieces[i % pieces.Length], rest.Length);
                seen += meter.Read(rest.AsSpan(0, piece));
                rest = rest[piece..];
            }

            Assert.Equal(
                new Http2Faults(
                    frames.Count(static frame => frame is (3, _, 1 or 3 or 5 or 6)),
                    frames.Count(static frame => frame is (3, _, 7)),
                    frames.Count(static frame => frame is (7, _, 1 or 3 or 4 or 5 or 6 or 9 or 11))),
                seen);
        });

    private static byte[] Farewell(uint code, int text)
    {
        byte[] frame = [0, 0, (byte)(8 + text), 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, .. Enumerable.Repeat((byte)3, text)];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(13), code);
        return frame;
    }

    private static byte[] Reset(uint code)
    {
        byte[] frame = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(9), code);
        return frame;
    }

    private static byte[] Other(byte type, int length) => [0, 0, (byte)length, type, 0, 0, 0, 0, 1, .. Enumerable.Repeat((byte)3, length)];
}
