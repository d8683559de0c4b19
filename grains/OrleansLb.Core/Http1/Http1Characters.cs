using System.Buffers;

namespace OrleansLb.Core.Http1;

/// <summary>The characters that RFC 9110 lets names and values of fields have.</summary>
internal static class Http1Characters
{
    public static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Visible characters, spaces, tabs and the bytes above ASCII, which have no meaning of their own.</summary>
    public static readonly SearchValues<byte> Value = SearchValues.Create([.. Enumerable.Range(0, 256).Where(IsOfValue).Select(static value => (byte)value)]);

    public static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t';

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);

    private static bool IsOfValue(int value) => value is '\t' or >= ' ' and not 0x7F;
}
