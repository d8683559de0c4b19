using CsCheck;
using OrleansLb.Core.Http2;

namespace OrleansLb.Core.Tests.Http2;

public sealed class FrameMeterTests
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    [Theory]
    [InlineData(0x3, 0, Http2Limits.Resets, Http2Abuse.Resets)]
    [InlineData(0x4, 1, Http2Limits.Control, Http2Abuse.Control)]
    [InlineData(0x2, 0, Http2Limits.Control, Http2Abuse.Control)]
    [InlineData(0x6, 0, Http2Limits.Pings, Http2Abuse.Pings)]
    [InlineData(0x9, 0, Http2Limits.Continuations, Http2Abuse.Continuations)]
    public void Read_OneFrameMoreThanAllowed_IsAbuse(byte type, byte flags, int limit, Http2Abuse abuse)
    {
        var meter = Begun();
        for (var i = 0; i < limit; i++)
            Assert.Equal(Http2Abuse.None, meter.Read(Frame(type, flags, 5), TimeSpan.Zero));
        Assert.Equal(abuse, meter.Read(Frame(type, flags, 5), TimeSpan.FromSeconds(9.9)));
    }

    [Fact]
    public void Read_EmptyData_IsAbuseUnlessItEndsTheStreamOrHasSomething()
    {
        var meter = Begun();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(Http2Abuse.None, meter.Read(Frame(0, flags: 1, 0), TimeSpan.Zero));
            Assert.Equal(Http2Abuse.None, meter.Read(Frame(0, flags: 0, 1), TimeSpan.Zero));
        }

        for (var i = 0; i < Http2Limits.EmptyData; i++)
            Assert.Equal(Http2Abuse.None, meter.Read(Frame(0, flags: 0, 0), TimeSpan.Zero));
        Assert.Equal(Http2Abuse.EmptyData, meter.Read(Frame(0, flags: 0, 0), TimeSpan.Zero));
    }

    [Fact]
    public void Read_AsManyInEveryWindow_IsNoAbuse()
    {
        var meter = Begun();
        for (var window = 1; window < 20; window++)
        {
            for (var i = 0; i < Http2Limits.Resets; i++)
                Assert.Equal(Http2Abuse.None, meter.Read(Frame(0x3, 0, 4), Http2Limits.Window * window));
        }
    }

    [Fact]
    public void Provoke_ResetsOfTheServer_CountWithThoseOfTheClientInOneWindow()
    {
        var meter = Begun();
        for (var i = 0; i < Http2Limits.Resets; i += 2)
        {
            Assert.Equal(Http2Abuse.None, meter.Read(Frame(0x3, 0, 4), TimeSpan.Zero));
            Assert.Equal(Http2Abuse.None, meter.Provoke(1, TimeSpan.Zero));
        }

        Assert.Equal(Http2Abuse.Resets, meter.Provoke(1, TimeSpan.FromSeconds(9.9)));
        Assert.Equal(Http2Abuse.None, meter.Provoke(Http2Limits.Resets, Http2Limits.Window));
        Assert.Equal(Http2Abuse.Resets, meter.Read(Frame(0x3, 0, 4), Http2Limits.Window));
    }

    [Fact]
    public void Read_PingsThatAreAnswers_AreNotCounted()
    {
        var meter = Begun();
        for (var i = 0; i < 3 * Http2Limits.Pings; i++)
            Assert.Equal(Http2Abuse.None, meter.Read(Frame(0x6, flags: 1, 8), TimeSpan.Zero));
    }

    [Fact]
    public void Read_ContinuationsOfSeveralHeads_AreCountedForEach()
    {
        var meter = Begun();
        for (var head = 0; head < 100; head++)
        {
            Assert.Equal(Http2Abuse.None, meter.Read(Frame(0x1, 0, 20), TimeSpan.Zero));
            for (var i = 0; i < Http2Limits.Continuations; i++)
                Assert.Equal(Http2Abuse.None, meter.Read(Frame(0x9, 0, 20), TimeSpan.Zero));
        }
    }

    /// <summary>However the network cuts it up, and whatever is within: bytes that look like heads of frames are none.</summary>
    [Fact]
    public void Read_InAnyPieces_SeesTheSame() =>
        Gen.Select(Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1], Gen.Int[0, 40]).Array[1, 400], Gen.Int[1, 50].Array[1, 20]).Sample(static (frames, pieces) =>
        {
            var bytes = frames.SelectMany(static frame => Frame((byte)frame.Item1, (byte)frame.Item2, frame.Item3)).ToArray();
            var whole = Begun().Read(bytes, TimeSpan.Zero);
            var meter = new FrameMeter();
            var (rest, abuse, i) = (Preface.Concat(bytes).ToArray(), Http2Abuse.None, 0);
            while (rest.Length > 0 && abuse == Http2Abuse.None)
            {
                var piece = Math.Min(pieces[i++ % pieces.Length], rest.Length);
                abuse = meter.Read(rest.AsSpan(0, piece), TimeSpan.Zero);
                rest = rest[piece..];
            }

            Assert.Equal(whole, abuse);
        });

    private static FrameMeter Begun()
    {
        var meter = new FrameMeter();
        Assert.Equal(Http2Abuse.None, meter.Read(Preface, TimeSpan.Zero));
        return meter;
    }

    /// <summary>A frame whose payload is full of what would be resets.</summary>
    private static byte[] Frame(byte type, byte flags, int length) =>
        [(byte)(length >> 16), (byte)(length >> 8), (byte)length, type, flags, 0, 0, 0, 1, .. Enumerable.Repeat((byte)3, length)];
}
