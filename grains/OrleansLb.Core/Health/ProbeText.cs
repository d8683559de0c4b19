using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansLb.Core.Health;

/// <summary>
/// Bytes written as text: <c>\r</c>, <c>\n</c>, <c>\t</c>, <c>\0</c>, <c>\\</c> and <c>\xHH</c> (two hex digits) stand for one byte each; all other
/// characters are themselves in UTF-8.
/// </summary>
public static class ProbeText
{
    /// <summary>Reads bytes; <see langword="false"/> for an escape that is none of these.</summary>
    /// <param name="text">As written.</param>
    /// <param name="bytes">As read.</param>
    public static bool TryParse(string text, out byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = new ArrayBufferWriter<byte>(Math.Max(text.Length, 1));
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var plain = rest.IndexOf('\\') is var at and >= 0 ? rest[..at] : rest;
            Encoding.UTF8.GetBytes(plain, read);
            rest = rest[plain.Length..];
            if (!rest.IsEmpty && !TryReadEscape(ref rest, read))
            {
                bytes = [];
                return false;
            }
        }

        bytes = read.WrittenSpan.ToArray();
        return true;
    }

    private static bool TryReadEscape(ref ReadOnlySpan<char> rest, ArrayBufferWriter<byte> read)
    {
        const int PlainLength = 2, HexLength = 4;
        var value = rest.Length < PlainLength ? null : rest[1] switch
        {
            'r' => (byte)'\r',
            'n' => (byte)'\n',
            't' => (byte)'\t',
            '0' => (byte)'\0',
            '\\' => (byte)'\\',
            'x' when rest.Length >= HexLength => Hex(rest[PlainLength..HexLength]),
            _ => (byte?)null,
        };
        if (value is not { } found) return false;
        rest = rest[(rest[1] == 'x' ? HexLength : PlainLength)..];
        read.Write([found]);
        return true;
    }

    private static byte? Hex(ReadOnlySpan<char> digits) =>
        byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
