using System.Text;

namespace OrleansLb.Core.AccessLog;

/// <summary>
/// A line of the combined format of NCSA's, Apache's and nginx's servers, in printable ASCII. What would end a text, a line or a terminal's patience is written as nginx does, as <c>\x22</c>,
/// so that no backslash stands for itself.
/// </summary>
public static class CombinedLine
{
    private const string Time = "dd'/'MMM'/'yyyy':'HH':'mm':'ss '+0000'";

    /// <summary>Writes a line.</summary>
    /// <param name="record">What it says.</param>
    /// <param name="destination">Memory for <see cref="AccessLine.Longest"/> bytes.</param>
    /// <returns>Its length, the end of the line included.</returns>
    public static int Write(in AccessRecord record, Span<byte> destination)
    {
        var line = new LineWriter(destination);
        if (record.Client is { } client)
            line.AddAddress(client);
        else
            line.Add((byte)'-');
        line.Add(" - - ["u8);
        line.AddTime(record.Arrived, Time);
        line.Add("] \""u8);
        AddRequest(ref line, record);
        line.Add("\" "u8);
        line.AddNumber(record.Status);
        line.Add((byte)' ');
        if (record.Sent > 0)
            line.AddNumber(record.Sent);
        else
            line.Add((byte)'-');
        line.Add(" \""u8);
        Add(ref line, record.Referer, AccessLine.Referer);
        line.Add("\" \""u8);
        Add(ref line, record.UserAgent, AccessLine.UserAgent);
        line.Add("\"\n"u8);
        return line.Length;
    }

    // Three parts, whatever is in them.
    private static void AddRequest(ref LineWriter line, in AccessRecord record)
    {
        Add(ref line, record.Method, AccessLine.Word, isPart: true);
        line.Add((byte)' ');
        Add(ref line, record.Path, AccessLine.Path, isPart: true);
        line.Add((byte)' ');
        Add(ref line, record.Protocol, AccessLine.Word, isPart: true);
    }

    private static void Add(ref LineWriter line, scoped ReadOnlySpan<char> text, int most, bool isPart = false)
    {
        if (text.IsEmpty)
            line.Add((byte)'-');
        var shown = AccessLine.Cut(text, most, out var end);
        foreach (var rune in shown.EnumerateRunes())
            Add(ref line, rune, isPart);
        foreach (var c in end)
            line.Add((byte)c);
    }

    private static void Add(ref LineWriter line, Rune rune, bool isPart)
    {
        if (rune.Value is >= ' ' and <= '~' and not ('"' or '\\') && !(isPart && rune.Value == ' '))
        {
            line.Add((byte)rune.Value);
            return;
        }

        Span<byte> octets = stackalloc byte[4];
        foreach (var octet in octets[..rune.EncodeToUtf8(octets)])
        {
            line.Add("\\x"u8);
            line.AddNumber(octet, "X2");
        }
    }
}
