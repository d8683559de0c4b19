using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Session;
using OrleansLb.Clustering.Connections;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>Senders in the headers of messages, as Orleans writes them.</summary>
public sealed class KnownSenderTests
{
    private static readonly SerializerSessionPool Sessions = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<SerializerSessionPool>();

    // From few characters, so that ids begin like each other and are each other.
    private static readonly Gen<string> Keys = Gen.OneOf(Gen.Char["ab"].Array[1, 4].Select(static key => new string(key)), Gen.Char["ab"].Array[60, 128].Select(static key => new string(key)));

    private static readonly Gen<string> SenderKeys = Gen.Select(Keys, Gen.OneOf(Gen.Const(""), Gen.Const("+"), Gen.Const("+a"), Gen.Const("+" + new string('b', 70))), static (key, more) => key + more);

    private static readonly Gen<string> Types = Gen.OneOf(Gen.Const("sys.client"), Gen.Const("sys.client"), Gen.Const("sys.client"), Gen.Const("sys.clien"), Gen.Const("sys.client2"), Gen.Const("frontend"));

    [Fact]
    public void Wrote_IsTheClientOrOneOfItsObservers() => Gen.Select(Keys, Types, SenderKeys, Gen.Bool, Gen.Byte.Array[0, 80], Gen.Int[1, 300]).Sample((key, type, sender, isOwn, more, cut) =>
    {
        var known = KnownSender.Of(GrainId.Create("sys.client", key), Sessions)!;
        var senderKey = isOwn ? key + sender[sender.Split('+')[0].Length..] : sender;
        var expected = type == "sys.client" && (senderKey == key || (senderKey.StartsWith(key + "+", StringComparison.Ordinal) && senderKey.Length > key.Length + 1));

        Assert.Equal(expected, known.Wrote(Pieces([.. new byte[12], .. Written(type), .. Written(senderKey), .. more], cut)));
    });

    [Fact]
    public void Wrote_HeaderThatEndsWithinItsSender_IsNobodys() => Gen.Select(Keys, Gen.Int[0, 1000], Gen.Int[1, 300]).Sample((key, size, cut) =>
    {
        var known = KnownSender.Of(GrainId.Create("sys.client", key), Sessions)!;
        byte[] header = [.. new byte[12], .. Written("sys.client"), .. Written(key)];

        Assert.False(known.Wrote(Pieces(header[..(size % header.Length)], cut)));
    });

    [Fact]
    public void Wrote_AnyBytes_AreLookedAtWithoutHarm() => Gen.Select(Keys, Gen.Byte.Array[0, 300], Gen.Bool).Sample((key, bytes, isOfAClient) =>
    {
        var known = KnownSender.Of(GrainId.Create("sys.client", key), Sessions)!;
        byte[] header = isOfAClient ? [.. new byte[12], .. Written("sys.client"), .. bytes] : bytes;

        known.Wrote(new ReadOnlySequence<byte>(header));
    });

    [Fact]
    public void Wrote_KeyThatSaysToBeShorterThanItsBytes_IsAnothers()
    {
        // Whose length ends before the plus sign: Orleans takes as much as the length says.
        var known = KnownSender.Of(GrainId.Create("sys.client", "abc"), Sessions)!;
        var observer = Written("abc+1");
        observer[0] = Written("ab")[0];

        Assert.False(known.Wrote(new ReadOnlySequence<byte>([.. new byte[12], .. Written("sys.client"), .. observer])));
    }

    [Theory]
    [InlineData("sys.client", "hosted-127.0.0.1:11111@1")]
    [InlineData("sys.client", "a+b")]
    [InlineData("sys.client", "")]
    [InlineData("sys.client2", "a")]
    [InlineData("frontend", "a")]
    public void Of_WhatIsNoClientFromOutside_IsNobody(string type, string key) => Assert.Null(KnownSender.Of(new GrainId(GrainType.Create(type), IdSpan.Create(key)), Sessions));

    [Theory]
    [InlineData("hosted-1~00", true)]
    [InlineData("hosted-1~00+11", true)]
    [InlineData("00", true)]
    [InlineData("hosted-127.0.0.1:11111@1", false)]
    [InlineData("hosted-127.0.0.1:11111@1+11", false)]
    public void IsFromOutside_IsWhoeverIsNoSilo(string key, bool isFromOutside) => Assert.Equal(isFromOutside, KnownSender.IsFromOutside(GrainId.Create("sys.client", key)));

    [Fact]
    public void Of_KeyThatIsLongerThanAnyIs_IsNobody() => Assert.Null(KnownSender.Of(GrainId.Create("sys.client", new string('a', 129)), Sessions));

    [Theory]
    [InlineData(10)]
    [InlineData(21)]
    public async Task Input_WhoeverReadsItTakesAnotherPartThanTheIntroduction_Ends(int taken)
    {
        var told = 0;
        var pipe = new Pipe();
        var input = new SenderCheckedInput(pipe.Reader, new MessageFrames(100, 100), static _ => KnownSender.Of(GrainId.Create("sys.client", "a"), Sessions), () => told++);
        await pipe.Writer.WriteAsync((byte[])[16, 0, 0, 0, .. new byte[20]], TestContext.Current.CancellationToken);
        var read = await input.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Throws<ConnectionAbortedException>(() => input.AdvanceTo(read.Buffer.GetPosition(taken)));
        Assert.Equal(1, told);
    }

    private static byte[] Written(string id)
    {
        using var session = Sessions.GetSession();
        var written = new ArrayBufferWriter<byte>();
        var writer = Writer.Create(written, session);
        IdSpanCodec.WriteRaw(ref writer, new IdSpan(Encoding.UTF8.GetBytes(id)));
        writer.Commit();
        return written.WrittenSpan.ToArray();
    }

    /// <summary>Bytes as they come from a network, in pieces.</summary>
    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        if (bytes.Length <= size)
            return new ReadOnlySequence<byte>(bytes);
        var first = new Piece(bytes.AsMemory(0, size), 0);
        var last = first;
        for (var at = size; at < bytes.Length; at += size)
            last = last.Then(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, long index) => (Memory, RunningIndex) = (bytes, index);

        public Piece Then(ReadOnlyMemory<byte> bytes)
        {
            var next = new Piece(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
