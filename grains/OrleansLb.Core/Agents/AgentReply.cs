using System.Globalization;
using System.Text;

namespace OrleansLb.Core.Agents;

/// <summary>
/// One line of an agent, in the words of HAProxy's <c>agent-check</c>: words in any order and any case between spaces, tabs and commas, up to the end of the line or a word that begins
/// with <c>#</c>, which begins a text for people. Of two words about the same thing the last counts. A word that is none of these is counted and otherwise ignored.
/// </summary>
/// <param name="WeightPercent"><c>75%</c>: weight in percent of the configured one, 0 to <see cref="MostPercent"/>.</param>
/// <param name="MaxConnections"><c>maxconn:30</c>: most requests at a time; 0 for no limit.</param>
/// <param name="Service"><c>ready</c>, <c>drain</c>, <c>maint</c>.</param>
/// <param name="IsDown"><see langword="true"/> for <c>down</c>, <c>failed</c> (also <c>fail</c>) and <c>stopped</c>, <see langword="false"/> for <c>up</c>.</param>
/// <param name="UnknownWords">How many words were none of these.</param>
public readonly record struct AgentReply(int? WeightPercent, int? MaxConnections, AgentService? Service, bool? IsDown, int UnknownWords)
{
    /// <summary>The largest percentage: more is taken for this, as by HAProxy.</summary>
    public const int MostPercent = 25_600;

    /// <summary>The most bytes that a line may have, without its end.</summary>
    public const int LongestLine = 1024;

    private const string MaxConnectionsWord = "maxconn:";
    private const int LongestShown = 128;

    /// <summary>Reads a line. No bytes make it throw.</summary>
    /// <param name="line">The line, with or without its end.</param>
    public static AgentReply Parse(ReadOnlySpan<byte> line)
    {
        Span<char> text = stackalloc char[LongestLine];
        text = text[..Encoding.Latin1.GetChars(LineOf(line), text)];
        var reply = default(AgentReply);
        foreach (var range in text.SplitAny(' ', '\t', ','))
        {
            if (text[range] is not { IsEmpty: false } word)
                continue;
            if (word[0] == '#')
                break;
            reply = reply.With(word);
        }

        return reply;
    }

    /// <summary>What of a line can be shown to people: its first 128 characters, without anything but printable ASCII.</summary>
    /// <param name="line">The line, with or without its end.</param>
    public static string Show(ReadOnlySpan<byte> line)
    {
        var shown = new StringBuilder(LongestShown);
        foreach (var value in LineOf(line))
        {
            if (shown.Length == LongestShown)
                break;
            shown.Append(value is >= (byte)' ' and <= (byte)'~' ? (char)value : value == '\t' ? ' ' : '?');
        }

        return shown.ToString().Trim();
    }

    private static ReadOnlySpan<byte> LineOf(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAny((byte)'\r', (byte)'\n');
        line = end < 0 ? line : line[..end];
        return line[..Math.Min(line.Length, LongestLine)];
    }

    private AgentReply With(ReadOnlySpan<char> word)
    {
        if (word[^1] == '%')
            return TryReadNumber(word[..^1], out var percent) ? this with { WeightPercent = Math.Min(percent, MostPercent) } : WithUnknown();
        if (word.StartsWith(MaxConnectionsWord, StringComparison.OrdinalIgnoreCase))
            return TryReadNumber(word[MaxConnectionsWord.Length..], out var most) ? this with { MaxConnections = most } : WithUnknown();
        if (ServiceOf(word) is { } service)
            return this with { Service = service };
        return IsDownBy(word) is { } isDown ? this with { IsDown = isDown } : WithUnknown();
    }

    private AgentReply WithUnknown() => this with { UnknownWords = UnknownWords + 1 };

    // More digits than a number has are as good as the largest one.
    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = int.MaxValue;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            number = int.MaxValue;
        return true;
    }

    private static AgentService? ServiceOf(ReadOnlySpan<char> word) =>
        Is(word, "ready") ? AgentService.Ready
        : Is(word, "drain") ? AgentService.Drain
        : Is(word, "maint") ? AgentService.Maintenance
        : null;

    private static bool? IsDownBy(ReadOnlySpan<char> word) =>
        Is(word, "up") ? false
        : Is(word, "down") || Is(word, "failed") || Is(word, "fail") || Is(word, "stopped") ? true
        : null;

    private static bool Is(ReadOnlySpan<char> word, string known) => word.Equals(known, StringComparison.OrdinalIgnoreCase);
}
