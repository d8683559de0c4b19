using System.Text;

namespace OrleansLb.Core.AccessLog;

/// <summary>A line of JSON (RFC 8259) in ASCII: whatever a client sends, it is one line, of one object, with each name once.</summary>
public static class JsonLine
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Writes a line.</summary>
    /// <param name="record">What it says.</param>
    /// <param name="destination">Memory for <see cref="AccessLine.Longest"/> bytes.</param>
    /// <returns>Its length, the end of the line included.</returns>
    public static int Write(in AccessRecord record, Span<byte> destination)
    {
        var line = new LineWriter(destination);
        WriteRequest(ref line, record);
        WriteOutcome(ref line, record);
        WriteNumbers(ref line, record);
        Add(ref line, ",\"tls\":\""u8, record.Tls, AccessLine.Word);
        Add(ref line, ",\"trace\":\""u8, record.Trace, AccessLine.Word);
        Add(ref line, ",\"user_agent\":\""u8, record.UserAgent, AccessLine.UserAgent);
        line.Add("}\n"u8);
        return line.Length;
    }

    private static void WriteRequest(ref LineWriter line, in AccessRecord record)
    {
        line.Add("{\"time\":\""u8);
        line.AddTime(record.Arrived, Time);
        line.Add((byte)'"');
        if (record.Client is { } client)
        {
            line.Add(",\"client\":\""u8);
            line.AddAddress(client);
            line.Add((byte)'"');
        }

        Add(ref line, ",\"method\":\""u8, record.Method, AccessLine.Word);
        Add(ref line, ",\"path\":\""u8, record.Path, AccessLine.Path);
        Add(ref line, ",\"protocol\":\""u8, record.Protocol, AccessLine.Word);
        Add(ref line, ",\"host\":\""u8, record.Host, AccessLine.Host);
    }

    private static void WriteOutcome(ref LineWriter line, in AccessRecord record)
    {
        line.Add(",\"status\":"u8);
        line.AddNumber(record.Status);
        line.Add(",\"reason\":\""u8);
        line.Add(EndReasonCodes.Of(record.Reason));
        line.Add((byte)'"');
        Add(ref line, ",\"detail\":\""u8, record.Detail, AccessLine.Word);
        Add(ref line, ",\"route\":\""u8, record.Route, AccessLine.Name);
        Add(ref line, ",\"pool\":\""u8, record.Pool, AccessLine.Name);
        Add(ref line, ",\"backend\":\""u8, record.Backend, AccessLine.Name);
        line.Add(",\"tries\":"u8);
        line.AddNumber(record.Tries);
        Add(ref line, ",\"affinity\":\""u8, record.Affinity, AccessLine.Word);
        Add(ref line, ",\"limit\":\""u8, record.Limit, AccessLine.Word);
        Add(ref line, ",\"limit_policy\":\""u8, record.LimitPolicy, AccessLine.Name);
    }

    private static void WriteNumbers(ref LineWriter line, in AccessRecord record)
    {
        line.Add(",\"queue_ms\":"u8);
        line.AddMilliseconds(record.Queued);
        line.Add(",\"first_ms\":"u8);
        line.AddMilliseconds(record.First);
        line.Add(",\"total_ms\":"u8);
        line.AddMilliseconds(record.Total);
        line.Add(",\"received\":"u8);
        line.AddNumber(record.Received);
        line.Add(",\"sent\":"u8);
        line.AddNumber(record.Sent);
    }

    private static void Add(ref LineWriter line, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<char> text, int most)
    {
        if (text.IsEmpty)
            return;
        line.Add(name);
        var shown = AccessLine.Cut(text, most, out var end);
        foreach (var rune in shown.EnumerateRunes())
            Add(ref line, rune);
        foreach (var c in end)
            line.Add((byte)c);
        line.Add((byte)'"');
    }

    // Half of a surrogate pair is enumerated as the character that stands for what is none.
    private static void Add(ref LineWriter line, Rune rune)
    {
        if (rune.Value is >= ' ' and <= '~' and not ('"' or '\\'))
        {
            line.Add((byte)rune.Value);
            return;
        }

        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..rune.EncodeToUtf16(units)])
        {
            line.Add("\\u"u8);
            line.AddNumber(unit, "x4");
        }
    }
}
