using System.Text;
using CsCheck;
using OrleansLb.Core.Http1;

namespace OrleansLb.Core.Tests.Http1;

/// <summary>What holds for every answer, whoever wrote it and however it arrives.</summary>
public sealed class Http1Laws
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~09AZaz";

    private static readonly string[] Words =
    [
        "HTTP/1.1 ", "HTTP/1.0 ", "200", "204", "304", "100", "101", " OK", "\r\n", "\r\n", "\r\n\r\n", "\n", "\r", " ", "\t", ":", "Content-Length", ": 5", ": 7",
        "Transfer-Encoding", ": chunked", "Connection", ": close", "A: b", "X", "\0", "\x7F", "\xE9", ";", ",", "5", "a", "0", "hello", "ffffffffffffffff", ";ext=1",
    ];

    private static readonly Gen<byte[]> GenWords = Gen.Int[0, Words.Length - 1].Array[0, 40].Select(static picks => Reading.Bytes(string.Concat(picks.Select(static pick => Words[pick]))));

    private static readonly Gen<(int Status, string Reason, (string Name, string Value)[] Fields)> GenHead = Gen.Select(
        Gen.Int[100, 999],
        Gen.Char[' ', '~'].Array[0, 20].Select(static reason => new string(reason)),
        Gen.Select(
            Gen.Int[0, TokenCharacters.Length - 1].Array[1, 20].Select(static picks => "x-" + string.Concat(picks.Select(static pick => TokenCharacters[pick]))),
            Gen.Char[' ', '\xFF'].Array[0, 60].Select(static value => new string([.. value.Where(static c => c != '\x7F')]).Trim(' ', '\t'))).Array[0, 50]);

    private static readonly Gen<byte[]> GenValidHead = GenHead.Select(static head => Write(head));

    private static readonly Gen<(byte[] Body, byte[] Bytes)> GenChunked = Gen.Select(Gen.Byte.Array[1, 300].Array[0, 8], Gen.String[Gen.Char['!', '~'], 0, 20].Array[1, 9], static (chunks, extensions) =>
    {
        var bytes = new List<byte>();
        for (var i = 0; i < chunks.Length; i++)
            bytes.AddRange([.. Reading.Bytes($"{chunks[i].Length:x};{extensions[i % extensions.Length]}\r\n"), .. chunks[i], .. "\r\n"u8]);
        return (chunks.SelectMany(static chunk => chunk).ToArray(), (byte[])[.. bytes, .. "0\r\n"u8]);
    });

    private static readonly Gen<int[]> GenPieces = Gen.OneOf(Gen.Const<int[]>([1]), Gen.Int[1, 40].Array[1, 10]);

    [Fact]
    public void WhatWasWrittenIsRead() => Gen.Select(GenHead, GenPieces).Sample(static (written, pieces) =>
    {
        var bytes = Write(written);
        var (step, head, _) = Reading.ReadHead(bytes, pieces);
        var fields = head.Fields.ToArray().Select(field => (Text(field.Name(bytes)), Text(field.Value(bytes))));
        return step == Http1Step.Complete && head.Status == written.Status && Text(head.Reason.Value(bytes)) == written.Reason
            && fields.SequenceEqual(written.Fields) && head.Length == bytes.Length;
    });

    [Fact]
    public void PiecesOfAHeadChangeNothing() => Gen.Select(Gen.OneOf(GenWords, Mutated(GenValidHead)), GenPieces)
        .Sample(static (bytes, pieces) => Reading.Describe(bytes) == Reading.Describe(bytes, pieces), iter: 20_000);

    [Fact]
    public void ABodyInChunksIsTheBody() => Gen.Select(GenChunked, GenPieces).Sample(static (chunked, pieces) =>
    {
        var (step, _, body, consumed) = Reading.ReadChunks(chunked.Bytes, pieces);
        return step == ChunkedStep.Trailers && body.SequenceEqual(chunked.Body) && consumed == chunked.Bytes.Length;
    });

    [Fact]
    public void PiecesOfABodyChangeNothing() => Gen.Select(Gen.OneOf(GenWords, Mutated(GenChunked.Select(static chunked => chunked.Bytes))), GenPieces).Sample(static (bytes, pieces) =>
    {
        var (whole, split) = (Reading.ReadChunks(bytes), Reading.ReadChunks(bytes, pieces));
        return (whole.Step, whole.Fault, whole.Consumed) == (split.Step, split.Fault, split.Consumed) && whole.Body.SequenceEqual(split.Body);
    }, iter: 20_000);

    [Fact]
    public void AHeadThatIsReadCannotBeUnderstoodInTwoWays() => Gen.OneOf(GenWords, Mutated(GenValidHead)).Sample(static bytes =>
    {
        var (step, head, _) = Reading.ReadHead(bytes);
        if (step != Http1Step.Complete)
            return true;
        var text = Text(bytes.AsSpan(0, head.Length));
        var lines = text.Split("\r\n");
        var lengths = lines.Count(static line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
        var encodings = lines.Count(static line => line.StartsWith("transfer-encoding:", StringComparison.OrdinalIgnoreCase));
        return lengths + encodings <= 1 && text.IndexOf('\0', StringComparison.Ordinal) < 0
            && text.Count(static c => c == '\n') == lines.Length - 1 && text.Count(static c => c == '\r') == lines.Length - 1;
    }, iter: 20_000);

    private static Gen<byte[]> Mutated(Gen<byte[]> gen) => Gen.Select(gen, Gen.Select(Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 2]).Array[0, 3], static (bytes, changes) =>
    {
        var list = bytes.ToList();
        foreach (var (place, value, kind) in changes)
            Mutate(list, list.Count == 0 ? 0 : place % list.Count, value, kind);
        return list.ToArray();
    });

    private static void Mutate(List<byte> bytes, int place, byte value, int kind)
    {
        if (kind == 0 || bytes.Count == 0)
            bytes.Insert(place, value);
        else if (kind == 1)
            bytes[place] = value;
        else
            bytes.RemoveAt(place);
    }

    private static byte[] Write((int Status, string Reason, (string Name, string Value)[] Fields) head) =>
        Reading.Bytes($"HTTP/1.1 {head.Status} {head.Reason}\r\n{string.Concat(head.Fields.Select(static field => $"{field.Name}: {field.Value}\r\n"))}\r\n");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
