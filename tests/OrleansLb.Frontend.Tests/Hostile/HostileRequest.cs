using System.Globalization;

namespace OrleansLb.Frontend.Tests.Hostile;

/// <summary>Bytes that a client sends, and what must come of them.</summary>
/// <param name="Name">What is wrong with them.</param>
/// <param name="Bytes">The bytes, one for each character.</param>
/// <param name="Status">Status of the only answer, after which the connection ends; 0 for none of HTTP/1.</param>
/// <param name="MayDial">Whether it comes to light only in the body, when a backend has been dialled.</param>
internal sealed record HostileRequest(string Name, string Bytes, int Status, bool MayDial)
{
    /// <summary>Reads a corpus: lines of a status, a name and bytes. A status with a plus may dial; <c>\r \n \t \\ \xHH</c> are what they are elsewhere, and <c>{text*count}</c> repeats a text.</summary>
    public static IEnumerable<HostileRequest> Read(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var parts = line.Split('|', 3, StringSplitOptions.TrimEntries);
            yield return new HostileRequest(parts[1], Unescape(parts[2]), int.Parse(parts[0].TrimEnd('+'), CultureInfo.InvariantCulture), parts[0].EndsWith('+'));
        }
    }

    public override string ToString() => Name;

    private static string Unescape(string text)
    {
        var bytes = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '{' && text.IndexOf('}', i) is var end && end > 0 && text[i..end].LastIndexOf('*') is var star && star > 0)
            {
                var repeated = Unescape(text[(i + 1)..(i + star)]);
                for (var count = int.Parse(text[(i + star + 1)..end], CultureInfo.InvariantCulture); count > 0; count--)
                    bytes.Append(repeated);
                i = end;
            }
            else if (text[i] == '\\')
            {
                bytes.Append(Escaped(text, ref i));
            }
            else
            {
                bytes.Append(text[i]);
            }
        }

        return bytes.ToString();
    }

    private static char Escaped(string text, ref int at)
    {
        switch (text[++at])
        {
            case 'r': return '\r';
            case 'n': return '\n';
            case 't': return '\t';
            case 'x':
                at += 2;
                return (char)byte.Parse(text.AsSpan(at - 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            default: return text[at];
        }
    }
}
