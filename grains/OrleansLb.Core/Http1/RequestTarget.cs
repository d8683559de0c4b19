using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansLb.Core.Http1;

/// <summary>What a request asks for, as it came (RFC 9112, section 3.2).</summary>
public static class RequestTarget
{
    private const char Escape = '%';
    private const int LongestSequence = 4;

    // What follows it is for the one who asks and is never sent (RFC 9110, section 4.2.5): some servers end the path there, others do not.
    private const char Fragment = '#';

    // Some servers read a backslash as a slash, so that it would be another path to them than to us.
    private static readonly SearchValues<char> Suspicious = SearchValues.Create(['\\', Fragment, Escape, '\x7f', .. Enumerable.Range(0, ' ' + 1).Select(static value => (char)value)]);

    /// <summary>Whether everybody reads the path alike: it has no backslash, no fragment and no control character, what is escaped is escaped as two hexadecimal digits and is UTF-8 (RFC 3986, section 2.5) without NUL.</summary>
    /// <param name="target">The target; what follows its question mark has no fragment either, and is not looked at otherwise.</param>
    public static bool HasPlainPath(ReadOnlySpan<char> target)
    {
        var end = target.IndexOf('?');
        if (end >= 0 && target[end..].Contains(Fragment))
            return false;
        var path = end < 0 ? target : target[..end];
        for (var next = path.IndexOfAny(Suspicious); next >= 0; next = path.IndexOfAny(Suspicious))
        {
            if (path[next] != Escape)
                return false;
            var length = EscapedCharacter(path[next..]);
            if (length == 0)
                return false;
            path = path[(next + length)..];
        }

        return true;
    }

    /// <summary>Whether a path goes up or stays where it is (RFC 3986, section 5.2.4), which servers resolve before they read it: one that is left over after that was hidden by an escape.</summary>
    /// <param name="path">The path, as it was understood.</param>
    public static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        for (var next = path.IndexOf("/."); next >= 0; next = path.IndexOf("/."))
        {
            path = path[(next + 2)..];
            var rest = path.StartsWith('.') ? path[1..] : path;
            if (rest.IsEmpty || rest[0] == '/')
                return true;
        }

        return false;
    }

    /// <summary>Whether an absolute target says who asks (<c>http://user@host/</c>), which no host of a request may (RFC 9110, section 4.2.4): what one reader takes for the host is the user to another.</summary>
    /// <param name="target">The target.</param>
    public static bool HasUserInformation(ReadOnlySpan<char> target)
    {
        if (target.IsEmpty || target[0] == '/')
            return false;
        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return false;
        var authority = target[(scheme + 3)..];
        var end = authority.IndexOfAny('/', '?');
        return (end < 0 ? authority : authority[..end]).Contains('@');
    }

    /// <summary>The length of the escaped character that a text begins with; 0 when it is none, or half of one.</summary>
    private static int EscapedCharacter(ReadOnlySpan<char> text)
    {
        Span<byte> octets = stackalloc byte[LongestSequence];
        for (var count = 1; count <= LongestSequence; count++)
        {
            if (text.Length < 3 * count || text[3 * (count - 1)] != Escape
                || !byte.TryParse(text.Slice((3 * count) - 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out octets[count - 1]))
            {
                return 0;
            }

            switch (Rune.DecodeFromUtf8(octets[..count], out var rune, out _))
            {
                case OperationStatus.Done:
                    return rune.Value == 0 ? 0 : 3 * count;
                case OperationStatus.InvalidData:
                    return 0;
            }
        }

        return 0;
    }
}
