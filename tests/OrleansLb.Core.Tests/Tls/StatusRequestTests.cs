using CsCheck;
using OrleansLb.Core.Tls;

namespace OrleansLb.Core.Tests.Tls;

public sealed class StatusRequestTests
{
    private const byte Handshake = 22;
    private const byte Alert = 21;
    private const byte ServerHello = 2;
    private const byte Certificate = 11;
    private const byte CertificateStatus = 22;

    private static readonly byte[] Staple = [.. Enumerable.Range(0, 300).Select(static number => (byte)number)];
    private static readonly byte[] Status = [1, .. Length(Staple.Length), .. Staple];

    [Fact]
    public void ClientHello_Lengths_AreThoseOfWhatFollows()
    {
        var hello = StatusRequest.ClientHello.Span;

        Assert.Equal(hello.Length - 5, hello[3] << 8 | hello[4]);
        Assert.Equal(hello.Length - 9, hello[6] << 16 | hello[7] << 8 | hello[8]);
    }

    [Fact]
    public void StapleIsFoundHoweverMessagesAreCutIntoRecords() =>
        Gen.Int[1, 400].List[1, 12].Sample(static sizes =>
        {
            byte[] messages = [.. Message(ServerHello, new byte[70]), .. Message(Certificate, new byte[500]), .. Message(CertificateStatus, Status), .. Message(14, [])];
            Assert.Equal(Staple, StatusRequest.Find(Records(messages, sizes)));
        });

    [Fact]
    public void Find_NoneIsShown_IsNothing() => Assert.Null(StatusRequest.Find(Records([.. Message(ServerHello, new byte[70]), .. Message(Certificate, new byte[500])], [100])));

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { Alert, 3, 3, 0, 2, 2, 40 })]
    [InlineData(new byte[] { Handshake, 3, 3, 0, 4, CertificateStatus, 0, 0, 0 })]
    [InlineData(new byte[] { Handshake, 3, 3, 0, 5, CertificateStatus, 0, 0, 9, 1 })]
    [InlineData(new byte[] { Handshake, 3, 3, 0, 8, CertificateStatus, 0, 0, 4, 2, 0, 0, 0 })]
    [InlineData(new byte[] { Handshake, 3, 3, 0, 9, CertificateStatus, 0, 0, 5, 1, 0, 0, 2, 7 })]
    public void Find_AnswerIsCutOffOrAnother_IsNothing(byte[] answer) => Assert.Null(StatusRequest.Find(answer));

    [Fact]
    public void NoBytesAreTooMuch() => Gen.Byte.Array[0, 200].Sample(static bytes => _ = StatusRequest.Find([Handshake, 3, 3, 0, (byte)bytes.Length, .. bytes]));

    private static byte[] Message(byte type, byte[] body) => [type, .. Length(body.Length), .. body];

    private static byte[] Length(int length) => [(byte)(length >> 16), (byte)(length >> 8), (byte)length];

    private static byte[] Records(byte[] messages, List<int> sizes)
    {
        var records = new List<byte>();
        for (var (at, turn) = (0, 0); at < messages.Length; turn++)
        {
            var size = Math.Min(sizes[turn % sizes.Count], messages.Length - at);
            records.AddRange([Handshake, 3, 3, (byte)(size >> 8), (byte)size]);
            records.AddRange(messages.AsSpan(at, size));
            at += size;
        }

        return [.. records];
    }
}
