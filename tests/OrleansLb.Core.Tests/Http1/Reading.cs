using System.Text;
using OrleansLb.Core.Http1;

namespace OrleansLb.Core.Tests.Http1;

/// <summary>Reads whole texts in pieces, as a connection would, and says what came of it in words that can be compared.</summary>
internal static class Reading
{
    internal static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">What comes, in the end.</param>
    /// <param name="pieces">How many bytes come at a time, again and again; all at once without any.</param>
    internal static (Http1Step Step, ResponseHead Head, int Seen) ReadHead(byte[] bytes, params int[] pieces)
    {
        var head = new ResponseHead();
        var (step, seen) = InPieces(bytes, pieces, upTo => head.Read(bytes.AsSpan(0, upTo)));
        return (step, head, seen);
    }

    internal static string Describe(byte[] bytes, params int[] pieces)
    {
        var (step, head, _) = ReadHead(bytes, pieces);
        if (step != Http1Step.Complete)
            return $"{step} {head.Fault}";
        var fields = head.Fields.ToArray().Select(field => $"{Text(field.Name(bytes))}={Text(field.Value(bytes))}");
        return $"{head.Status} 1.{(head.IsVersion11 ? 1 : 0)} [{Text(head.Reason.Value(bytes))}] {head.Framing(false)} {head.ContentLength} {head.KeepsConnection} {head.Length} {string.Join('|', fields)}";
    }

    /// <summary>Takes a body out of its chunks.</summary>
    internal static (ChunkedStep Step, Http1Fault Fault, byte[] Body, int Consumed) ReadChunks(byte[] bytes, params int[] pieces)
    {
        var (chunks, body, at) = (new ChunkedBody(), new List<byte>(), 0);
        var last = ChunkedStep.NeedMore;
        InPieces(bytes, pieces, upTo =>
        {
            while (last is ChunkedStep.NeedMore or ChunkedStep.Data && at < upTo)
            {
                last = chunks.Read(bytes.AsSpan(at, upTo - at), out var consumed, out var data);
                body.AddRange(data);
                at += consumed;
            }

            return last is ChunkedStep.Trailers or ChunkedStep.Refused ? Http1Step.Complete : Http1Step.NeedMore;
        });
        return (last == ChunkedStep.Data ? ChunkedStep.NeedMore : last, chunks.Fault, [.. body], at);
    }

    private static (Http1Step Step, int Seen) InPieces(byte[] bytes, int[] pieces, Func<int, Http1Step> read)
    {
        var (step, seen) = (Http1Step.NeedMore, 0);
        for (var i = 0; step == Http1Step.NeedMore && seen < bytes.Length; i++)
        {
            seen = pieces.Length == 0 ? bytes.Length : Math.Min(bytes.Length, seen + pieces[i % pieces.Length]);
            step = read(seen);
        }

        return (step, seen);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
