namespace OrleansLb.Core.AccessLog;

/// <summary>How long the texts of a line may be, in UTF-16 characters; what is longer is cut, and ends with three dots.</summary>
public static class AccessLine
{
    /// <summary>Longest path, query included.</summary>
    public const int Path = 2048;

    /// <summary>Longest referer.</summary>
    public const int Referer = 1024;

    /// <summary>Longest user agent.</summary>
    public const int UserAgent = 512;

    /// <summary>Longest host.</summary>
    public const int Host = 256;

    /// <summary>Longest id or other name.</summary>
    public const int Name = 128;

    /// <summary>Longest method, protocol or word of ours.</summary>
    public const int Word = 32;

    /// <summary>What any line fits into, in bytes.</summary>
    public const int Longest = 48 * 1024;

    private const string Dots = "...";

    /// <summary>The part of a text that is shown, without half a character at its end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How much of it may be shown.</param>
    /// <param name="end">What follows it: the dots, if it was cut.</param>
    internal static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int most, out ReadOnlySpan<char> end)
    {
        end = text.Length > most ? Dots : default;
        if (text.Length <= most)
            return text;
        return text[..(char.IsHighSurrogate(text[most - 1]) && char.IsLowSurrogate(text[most]) ? most - 1 : most)];
    }
}
