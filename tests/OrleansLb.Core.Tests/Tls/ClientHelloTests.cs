using System.Buffers;
using CsCheck;
using OrleansLb.Core.Tls;

namespace OrleansLb.Core.Tests.Tls;

public sealed class ClientHelloTests
{
    private const byte Handshake = 22;
    private const int SupportedVersions = 43;
    private const int Padding = 21;
    private const int RecordHeader = 5;
    private const int Tls12 = 0x0303;
    private const int Tls13 = 0x0304;
    private const int Grease = 0x7a7a;

    private static readonly byte[] Modern = Greeting(Extensions(Versions(Grease, Tls13, Tls12)));

    // Extensions that are not about versions are on either side of the one that is.
    private static readonly Gen<byte[]> AnyGreeting = Gen.Select(
        Gen.OneOf(Gen.Const(Tls13), Gen.Const(Tls12), Gen.Const(Grease)).Array[1, 5],
        Gen.Byte.Array[0, 32],
        Gen.Select(Gen.Int[44, 70], Gen.Byte.Array[0, 60]).Array[0, 5],
        Gen.Int[0, 5],
        static (versions, session, others, place) =>
        {
            var extensions = others.Select(static other => Extension(other.Item1, other.Item2)).ToList();
            extensions.Insert(Math.Min(place, extensions.Count), Versions(versions));
            return Greeting(Extensions([.. extensions]), session);
        });

    public static TheoryData<byte[]> Wrong => new(
        Greeting(Extensions()),
        Greeting([]),
        Greeting(Extensions(Extension(SupportedVersions, []))),
        Greeting(Extensions(Extension(SupportedVersions, [0]))),
        Greeting(Extensions(Extension(SupportedVersions, [1, 3]))),
        Greeting(Extensions(Extension(SupportedVersions, [3, 3, 4, 3]))),
        Greeting(Extensions(Extension(SupportedVersions, [2, 3, 4, 0]))),
        Greeting(Extensions(Extension(SupportedVersions, [4, 3, 4]))),
        Greeting(Extensions(Versions(Tls13), Versions(Tls13))),
        Greeting(Extensions(Versions(Tls13), Versions(Tls12))),
        Greeting([.. Extensions(Versions(Tls13)), 0]),
        Greeting([0, 9, .. Versions(Tls13)]),
        Greeting([0, 6, .. Versions(Tls13)]),
        Greeting(Extensions([.. Versions(Tls13), 0, 60, 0, 9, 1])),
        Greeting(Extensions([.. Versions(Tls13), 0, 60, 0])),
        Greeting(Extensions(Versions(Tls13)), session: new byte[33]),
        Greeting(Extensions(Versions(Tls13)), version: 0x0304),
        Greeting(Extensions(Versions(Tls13)), ciphers: []),
        Greeting(Extensions(Versions(Tls13)), compressions: []),
        Message(2, Modern[4..]));

    [Theory]
    [InlineData(ClientHelloStep.Tls13, Tls13)]
    [InlineData(ClientHelloStep.Tls13, Tls12, Tls13)]
    [InlineData(ClientHelloStep.Tls13, Grease, Tls13, Tls12, 0x0302, 0x0301)]
    [InlineData(ClientHelloStep.Other, Tls12)]
    [InlineData(ClientHelloStep.Other, Grease, Tls12, 0x0301)]
    [InlineData(ClientHelloStep.Other, 0x0403, 0x0404)]
    public void Read_Greeting_SaysWhetherTls13IsAmongItsVersions(ClientHelloStep step, params int[] versions) =>
        Assert.Equal(step, Read(Records(Greeting(Extensions(Extension(0, [0, 1, 2]), Versions(versions), Extension(51, [3, 4]))))));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_GreetingThatIsAlmostOne_IsLeftToOthers(byte[] message) => Assert.Equal(ClientHelloStep.Other, Read(Records(message)));

    [Theory]
    [InlineData(new byte[] { 21, 3, 1, 0, 2 })]
    [InlineData(new byte[] { 0x80, 3, 1, 0, 2 })]
    [InlineData(new byte[] { Handshake, 2, 1, 0, 2 })]
    [InlineData(new byte[] { Handshake, 3, 1, 0, 0 })]
    [InlineData(new byte[] { Handshake, 3, 1, 0x40, 1 })]
    [InlineData(new byte[] { Handshake, 3, 1, 0xff, 0xff })]
    [InlineData(new byte[] { Handshake, 3, 1, 0, 1, 2 })]
    [InlineData(new byte[] { Handshake, 3, 1, 0, 9, 1, 0, 0x40, 1 })]
    [InlineData(new byte[] { Handshake, 3, 1, 0, 1, 1, Handshake, 3, 1, 0, 0 })]
    public void Read_BeginningOfNoGreeting_IsSaidAtOnce(byte[] said) => Assert.Equal(ClientHelloStep.Other, Read(said));

    [Fact]
    public void Read_GreetingInAnyRecordsAndAnyPieces_IsTheSame_AndNeedsAllOfIt() =>
        Gen.Select(AnyGreeting, Gen.Int[1, 300].Array[1, 8], Gen.Int[1, 90].Array[1, 8], Gen.Byte.Array[0, 40]).Sample(static (message, records, pieces, after) =>
        {
            var (whole, said) = (Read(Records(message)), Records(message, records));
            Assert.NotEqual(ClientHelloStep.NeedMore, whole);
            for (var length = 0; length < said.Length; length++)
                Assert.Equal(ClientHelloStep.NeedMore, Read(said[..length], pieces));
            Assert.Equal(whole, Read(said, pieces));
            Assert.Equal(whole, Read([.. said, .. after], pieces));
        });

    [Fact]
    public void Read_Damage_NeverThrows_NoPieceMattersAndNothingTakesBackWhatWasSaid() =>
        Gen.Select(AnyGreeting, Gen.Int[1, 300].Array[1, 4], Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[1, 4], Gen.Int[1, 50].Array[1, 5]).Sample(static (message, records, damage, pieces) =>
        {
            var said = Records(message, records);
            foreach (var (at, value) in damage)
                said[at % said.Length] = value;
            var before = ClientHelloStep.NeedMore;
            for (var length = 0; length <= said.Length; length++)
            {
                var step = Read(said[..length], pieces);
                Assert.Equal(Read(said[..length]), step);
                Assert.True(before == ClientHelloStep.NeedMore || before == step);
                before = step;
            }
        });

    [Fact]
    public void Read_AnyBytes_NeverThrows() => Gen.Select(Gen.Bool, Gen.Byte.Array[0, 200]).Sample(static (isRecord, bytes) => _ = Read(isRecord ? [Handshake, 3, 1, 0, 190, 1, 0, 0, 120, 3, 3, .. bytes] : bytes, [7]));

    [Fact]
    public void Read_LongestGreeting_IsRead_AndALongerOneIsNot()
    {
        Assert.Equal(ClientHelloStep.Tls13, Read(Padded(ClientHello.Longest)));
        Assert.Equal(ClientHelloStep.Other, Read(Padded(ClientHello.Longest + 1)));
        Assert.Equal(ClientHelloStep.NeedMore, Read(Padded(ClientHello.Longest)[..^1]));
    }

    [Fact]
    public void Read_GreetingInTheSmallestRecords_IsBoundedWithTheirHeaders()
    {
        var said = Records(Padded(ClientHello.Longest)[RecordHeader..], 1);

        Assert.Equal(ClientHelloStep.NeedMore, Read(said[..(ClientHello.Longest - 1)]));
        Assert.Equal(ClientHelloStep.Other, Read(said[..ClientHello.Longest]));
        Assert.Equal(ClientHelloStep.Other, Read(said, [1000]));
    }

    [Fact]
    public void Read_AllocatesNothing()
    {
        var said = Pieces(Records(Modern, 40), [17]);
        ClientHello.Read(said);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < 100; turn++)
            ClientHello.Read(said);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static ClientHelloStep Read(byte[] said, int[]? pieces = null) => ClientHello.Read(pieces is null ? new ReadOnlySequence<byte>(said) : Pieces(said, pieces));

    private static byte[] Padded(int length)
    {
        var (versions, room) = (Versions(Tls13), length - Records(Greeting(Extensions(Versions(Tls13), Extension(Padding, [])))).Length);
        return Records(Greeting(Extensions(versions, Extension(Padding, new byte[room]))));
    }

    private static byte[] Greeting(byte[] extensions, byte[]? session = null, int version = Tls12, byte[]? ciphers = null, byte[]? compressions = null) =>
        Message(1, [.. Number(version), .. new byte[32], .. Short(session ?? []), .. Long(ciphers ?? [0x13, 1, 0xc0, 0x2b]), .. Short(compressions ?? [0]), .. extensions]);

    private static byte[] Message(byte type, byte[] body) => [type, 0, .. Long(body)];

    private static byte[] Extensions(params byte[][] extensions) => Long([.. extensions.SelectMany(static one => one)]);

    private static byte[] Versions(params int[] versions) => Extension(SupportedVersions, Short([.. versions.SelectMany(Number)]));

    private static byte[] Extension(int type, byte[] body) => [.. Number(type), .. Long(body)];

    private static byte[] Short(byte[] bytes) => [(byte)bytes.Length, .. bytes];

    private static byte[] Long(byte[] bytes) => [.. Number(bytes.Length), .. bytes];

    private static byte[] Number(int number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Records(byte[] message, params int[] sizes)
    {
        var (records, at) = (new List<byte>(), 0);
        for (var turn = 0; at < message.Length; turn++)
        {
            var size = Math.Min(sizes.Length == 0 ? message.Length : sizes[turn % sizes.Length], message.Length - at);
            records.AddRange([Handshake, 3, 1, .. Number(size), .. message.AsSpan(at, size)]);
            at += size;
        }

        return [.. records];
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int[] sizes)
    {
        var first = new Piece(default, 0);
        var last = first;
        for (var (at, turn) = (0, 0); at < bytes.Length; turn++)
        {
            var size = Math.Min(sizes[turn % sizes.Length], bytes.Length - at);
            last = last.Then(bytes.AsMemory(at, size));
            at += size;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long before) => (Memory, RunningIndex) = (memory, before);

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
