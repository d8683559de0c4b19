using System.Text;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>
/// How <c>Content-Length</c> is spelt: in digits (RFC 9110, section 8.6). The server takes a sign too, which others read otherwise or not at all, but asks for the encoding of a field; that of a
/// length that has anything but digits is no number to it.
/// </summary>
internal sealed class LengthEncoding : ASCIIEncoding
{
    private const char NoDigit = 'x';

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length <= chars.Length && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return base.GetChars(bytes, chars);
        chars[0] = NoDigit;
        return 1;
    }
}
