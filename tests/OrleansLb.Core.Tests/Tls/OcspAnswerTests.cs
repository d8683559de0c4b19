using CsCheck;
using OrleansLb.Core.Tls;

namespace OrleansLb.Core.Tests.Tls;

/// <summary>Answers of OpenSSL's responder; a script beside them says how they were made.</summary>
public sealed class OcspAnswerTests
{
    private static readonly string[][] Lines = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Tls", "ocsp-answers.txt")).Select(static line => line.Split(' '))];
    private static readonly byte[] Good = AnswerOf(OcspStatus.Good);
    private static readonly byte[] Serial = SerialOf(OcspStatus.Good);

    [Theory]
    [InlineData(OcspStatus.Good)]
    [InlineData(OcspStatus.Revoked)]
    [InlineData(OcspStatus.Unknown)]
    public void Read_AnswerOfOpenssl_IsWhatItSaysAndForHowLong(OcspStatus status)
    {
        var read = OcspAnswer.Read(AnswerOf(status), SerialOf(status))!;

        Assert.Equal(status, read.Status);
        Assert.Equal(OcspAnswer.Read(Good, Serial)!.NextUpdate!.Value, read.NextUpdate!.Value, TimeSpan.FromMinutes(1));
        Assert.InRange(read.NextUpdate.Value.Year, 2026, 2100);
    }

    [Fact]
    public void Read_SerialWithLeadingZeros_IsTheSame() => Assert.NotNull(OcspAnswer.Read(Good, [0, .. Serial]));

    [Fact]
    public void Read_AnotherSerial_IsNothing() => Assert.Null(OcspAnswer.Read(Good, [.. Serial, 1]));

    // OCSPResponse with tryLater, and nothing else (RFC 6960, section 4.2.1).
    [Fact]
    public void Read_ResponderIsNotWell_IsNothing() => Assert.Null(OcspAnswer.Read(new byte[] { 0x30, 0x03, 0x0a, 0x01, 0x03 }, Serial));

    [Fact]
    public void WhatIsCutOffIsNothing() => Gen.Int[0, Good.Length - 1].Sample(static length => Assert.Null(OcspAnswer.Read(Good.AsMemory(0, length), Serial)));

    [Fact]
    public void NoBytesAreTooMuch() => Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Byte).Sample(static (at, value) =>
    {
        byte[] damaged = [.. Good];
        damaged[at] = value;
        _ = OcspAnswer.Read(damaged, Serial);
    });

    private static byte[] AnswerOf(OcspStatus status) => Convert.FromBase64String(LineOf(status)[2]);

    private static byte[] SerialOf(OcspStatus status) => Convert.FromHexString(LineOf(status)[1]);

    private static string[] LineOf(OcspStatus status) => Lines.Single(line => line[0] == status.ToString());
}
