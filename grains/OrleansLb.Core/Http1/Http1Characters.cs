using System.Buffers;
using System.Text;

namespace OrleansLb.Core.Http1;

/// <summary>The characters that RFC 9110 lets names and values of fields have.</summary>
public static class Http1Characters
{
    private const string OfToken = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    internal static readonly SearchValues<byte> Token = SearchValues.Create(Encoding.ASCII.GetBytes(OfToken));

    /// <summary>Visible characters, spaces, tabs and the bytes above ASCII, which have no meaning of their own.</summary>
    internal static readonly SearchValues<byte> Value = SearchValues.Create([.. Enumerable.Range(0, 256).Where(IsOfValue).Select(static value => (byte)value)]);

    private static readonly SearchValues<char> TokenText = SearchValues.Create(OfToken);

    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, ' ').Where(static value => value != '\t').Append(0x7F).Select(static value => (char)value)]);

    /// <summary>Whether a text may be the value of a field (RFC 9110, section 5.5): it has no control character but the tab.</summary>
    public static bool IsFieldValue(ReadOnlySpan<char> text) => !text.ContainsAny(Controls);

    /// <summary>Whether a text is a token, as the names of fields are (RFC 9110, section 5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenText);

    internal static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t';

    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    private static bool IsOfValue(int value) => value is '\t' or >= ' ' and not 0x7F;
}
