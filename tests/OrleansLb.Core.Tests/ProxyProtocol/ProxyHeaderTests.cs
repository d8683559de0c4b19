using System.Buffers.Binary;
using System.Net;
using System.Text;
using CsCheck;
using OrleansLb.Core.ProxyProtocol;

namespace OrleansLb.Core.Tests.ProxyProtocol;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7:56324")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535")]
    [InlineData("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n", "0.0.0.0:0")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n", "[2001:db8::7]:56324")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", null)]
    public void Read_Line_SaysWhoTheClientIs(string line, string? source)
    {
        Assert.Equal(ProxyHeaderStep.Complete, ProxyHeader.Read([.. Encoding.ASCII.GetBytes(line), .. "GET / HTTP/1.1"u8], out var header));
        Assert.Equal((line.Length, source), (header.Length, header.Source?.ToString()));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("proxy TCP4 192.0.2.7 198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY  TCP4 192.0.2.7 198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7  198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.0x7 198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.700 198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 2001:db8::1 56324 443\r\n")]
    [InlineData("PROXY TCP6 192.0.2.7 198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY TCP6 [2001:db8::7] 2001:db8::1 56324 443\r\n")]
    [InlineData("PROXY TCP6 fe80::7%1 2001:db8::1 56324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 056324 443\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 -1 443\r\n")]
    [InlineData("PROXY UDP4 192.0.2.7 198.51.100.1 56324 443\r\n")]
    [InlineData("PROXY \r\n")]
    public void Read_LineThatIsAlmostOne_IsRefused(string line) => Assert.Equal(ProxyHeaderStep.Refused, ProxyHeader.Read(Encoding.ASCII.GetBytes(line), out _));

    [Fact]
    public void Read_LineWithoutAnEnd_IsRefusedWhenItIsTooLong()
    {
        var line = Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 200));
        Assert.Equal(ProxyHeaderStep.NeedMore, ProxyHeader.Read(line.AsSpan(0, 106), out _));
        Assert.Equal(ProxyHeaderStep.Refused, ProxyHeader.Read(line.AsSpan(0, 107), out _));
    }

    [Theory]
    [InlineData(0x21, 0x11, 12, "1.1.1.1:257")]
    [InlineData(0x21, 0x11, 40, "1.1.1.1:257")]
    [InlineData(0x21, 0x21, 36, "[101:101:101:101:101:101:101:101]:257")]
    [InlineData(0x21, 0x00, 0, null)]
    [InlineData(0x20, 0x11, 12, null)]
    [InlineData(0x20, 0x00, 0, null)]
    public void Read_Binary_SaysWhoTheClientIs(byte command, byte family, int length, string? source)
    {
        Assert.Equal(ProxyHeaderStep.Complete, ProxyHeader.Read([.. Binary(command, family, length), 9, 9, 9], out var header));
        Assert.Equal((16 + length, source), (header.Length, header.Source?.ToString()));
    }

    [Theory]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x12, 12)]
    [InlineData(0x21, 0x31, 216)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x21, 0x11, ProxyHeader.Longest)]
    public void Read_BinaryThatIsAlmostOne_IsRefused(byte command, byte family, int length) =>
        Assert.Equal(ProxyHeaderStep.Refused, ProxyHeader.Read(Binary(command, family, length), out _));

    [Fact]
    public void Read_AnyBeginningOfAHeader_NeedsMore()
    {
        foreach (var whole in (byte[][])[[.. "PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n"u8], Binary(0x21, 0x21, 60)])
        {
            for (var length = 0; length < whole.Length; length++)
                Assert.Equal(ProxyHeaderStep.NeedMore, ProxyHeader.Read(whole.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Read_Anything_NeverThrowsAndNeverTakesMoreThanThereIs() =>
        Gen.Select(Gen.Bool, Gen.Byte.Array[0, 120]).Sample(static (isLine, rest) =>
        {
            byte[] bytes = [.. isLine ? "PROXY TCP4 "u8.ToArray() : Signature, .. rest];
            var step = ProxyHeader.Read(bytes, out var header);
            Assert.True(step != ProxyHeaderStep.Complete || header.Length <= bytes.Length);
        });

    [Fact]
    public void Read_AddressesAsProxiesWriteThem_ComeBack() =>
        Gen.Select(Gen.Bool, Gen.Byte.Array[16], Gen.UShort).Sample(static (isSix, address, port) =>
        {
            var source = new IPEndPoint(new IPAddress(address.AsSpan(0, isSix ? 16 : 4)), port);
            // An address within an address is written as one of the other kind.
            if (source.Address.IsIPv4MappedToIPv6)
                return;
            var line = $"PROXY {(isSix ? "TCP6" : "TCP4")} {source.Address} {source.Address} {port} 1\r\n";
            Assert.Equal(ProxyHeaderStep.Complete, ProxyHeader.Read(Encoding.ASCII.GetBytes(line), out var header));
            Assert.Equal(source, header.Source);
        });

    private static byte[] Binary(byte command, byte family, int length)
    {
        var header = new byte[16 + length];
        Signature.CopyTo(header, 0);
        (header[12], header[13]) = (command, family);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)length);
        header.AsSpan(16).Fill(1);
        return header;
    }
}
