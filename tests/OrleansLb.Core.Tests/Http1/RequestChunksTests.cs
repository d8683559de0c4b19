using CsCheck;
using OrleansLb.Core.Http1;

namespace OrleansLb.Core.Tests.Http1;

public sealed class RequestChunksTests
{
    private const string Next = "GET / HTTP/1.1\r\n";

    private static readonly string[] Pieces =
    [
        "0", "5", "a", "hello", "\r\n", "\r\n", "\r\n\r\n", "\r", "\n", ";", "=", "\"", "\\", " ", "\t", ":", "A: b", "0\r\n", ";a=b", ";a=\"b;c\"", "\0", "\xE9",
    ];

    private static readonly Gen<byte[]> GenBytes = Gen.Int[0, Pieces.Length - 1].Array[0, 30].Select(static picks => Reading.Bytes(string.Concat(picks.Select(static pick => Pieces[pick]))));

    private static readonly Gen<string> GenToken = Gen.Char['a', 'f'].Array[1, 5].Select(static letters => new string(letters));

    private static readonly Gen<string> GenQuoted = Gen.Char[' ', '~'].Array[0, 8].Select(static letters => $"\"{new string(letters).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");

    private static readonly Gen<string> GenExtension = Gen.Select(
        GenToken, Gen.OneOf(Gen.Const(""), GenToken.Select(static value => $"={value}"), GenQuoted.Select(static value => $" =\t{value}")), Gen.OneOf(Gen.Const(""), Gen.Const(" "), Gen.Const("\t")),
        static (name, value, blank) => $"{blank};{blank}{name}{value}");

    private static readonly Gen<string> GenBody = Gen.Select(
        Gen.Select(Gen.Int[1, 40], GenExtension.Array[0, 3]).Array[0, 5], GenExtension.Array[0, 2], Gen.Select(GenToken, GenQuoted).Array[0, 3],
        static (chunks, last, trailers) => string.Concat(
            [
                .. chunks.Select(static chunk => $"{chunk.Item1:x}{string.Concat(chunk.Item2)}\r\n{new string('\n', chunk.Item1)}\r\n"),
                $"0{string.Concat(last)}\r\n",
                .. trailers.Select(static trailer => $"{trailer.Item1}:{trailer.Item2}\r\n"),
                "\r\n",
            ]));

    [Theory]
    [InlineData("0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a\r\nhello\r\n0;b=c;d\r\n\r\n")]
    [InlineData("5 ; a = \"b\"\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5;a=\"\\\"\"\r\nhello\r\n0\r\n\r\n")]
    [InlineData("0\r\nA:b\r\nC: \t\xE9\r\nD:\r\n\r\n")]
    public void Body_OfValidForm_IsReadToItsEnd(string text) => Assert.Equal((Http1Step.Complete, Http1Fault.None, text.Length), Read(Reading.Bytes(text + Next)));

    [Theory]
    [InlineData("5 \r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;;a\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a;\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a=\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a=b=c\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a b\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a=b c\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a=b \r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;=b\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a=\"b\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a=\"b\\\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a=\"b\"c\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;a=\"\x7F\"\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5;\xE9\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("5a b\r\nhello\r\n", Http1Fault.Chunk)]
    [InlineData("0\r\n A: b\r\n\r\n", Http1Fault.FoldedLine)]
    [InlineData("0\r\nA: b\r\n\tc\r\n\r\n", Http1Fault.FoldedLine)]
    [InlineData("0\r\nA : b\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("0\r\n: b\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("0\r\nA\r\n\r\n", Http1Fault.FieldName)]
    [InlineData("0\r\nA: \0\r\n\r\n", Http1Fault.FieldValue)]
    [InlineData("0\r\nA: b\n\r\n", Http1Fault.LineEnd)]
    [InlineData("0\r\nA: b\rC: d\r\n\r\n", Http1Fault.LineEnd)]
    [InlineData("0\r\n\rX", Http1Fault.LineEnd)]
    public void Body_OfInvalidForm_IsRefused(string text, Http1Fault fault)
    {
        var read = Read(Reading.Bytes(text));
        Assert.Equal((Http1Step.Refused, fault), (read.Step, read.Fault));
    }

    [Theory]
    [InlineData(Http1Limits.ChunkExtension, Http1Fault.None)]
    [InlineData(Http1Limits.ChunkExtension + 1, Http1Fault.ChunkExtension)]
    public void Extension_OfOneLine_IsBounded(int length, Http1Fault fault) =>
        Assert.Equal(fault, Read(Reading.Bytes($"0;{new string('a', length - 1)}\r\n\r\n")).Fault);

    [Theory]
    [InlineData(Http1Limits.Trailers, Http1Fault.None)]
    [InlineData(Http1Limits.Trailers + 1, Http1Fault.TrailersTooLarge)]
    public void Trailers_AreBounded(int length, Http1Fault fault) =>
        Assert.Equal(fault, Read(Reading.Bytes($"0\r\nA:{new string('b', length - "A:\r\n\r\n".Length)}\r\n\r\n")).Fault);

    [Fact]
    public void WhatIsWrittenByTheGrammarIsReadToItsEnd() => Gen.Select(GenBody, Gen.Int[1, 7]).Sample(static (body, piece) =>
        Read(Reading.Bytes(body + Next), piece) == (Http1Step.Complete, Http1Fault.None, body.Length));

    [Fact]
    public void PiecesChangeNothing() => Gen.Select(GenBytes, Gen.Int[1, 7]).Sample(static (bytes, piece) => Read(bytes) == Read(bytes, piece), iter: 20_000);

    /// <summary>What is not refused here is read alike by whoever reads answers.</summary>
    [Fact]
    public void WhatIsReadHasTheSameEndForALenientReader() => GenBytes.Sample(static bytes =>
    {
        var read = Read(bytes);
        if (read.Step != Http1Step.Complete)
            return true;
        var lenient = Reading.ReadChunks(bytes);
        var trailers = new FieldSection(Http1Limits.Trailers, Http1Fault.TrailersTooLarge);
        trailers.Begin(lenient.Consumed, lenient.Consumed);
        return lenient.Step == ChunkedStep.Trailers && trailers.Read(bytes) == Http1Step.Complete && trailers.Position == read.Consumed;
    }, iter: 20_000);

    private static (Http1Step Step, Http1Fault Fault, int Consumed) Read(byte[] bytes, int piece = int.MaxValue)
    {
        var (chunks, step, at) = (new RequestChunks(), Http1Step.NeedMore, 0);
        while (step == Http1Step.NeedMore && at < bytes.Length)
        {
            step = chunks.Read(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)), out var consumed);
            at += consumed;
        }

        return (step, chunks.Fault, at);
    }
}
