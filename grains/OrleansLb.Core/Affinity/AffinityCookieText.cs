using System.Buffers;
using System.Buffers.Text;

namespace OrleansLb.Core.Affinity;

/// <summary>The outer form of a cookie: <c>v1.kid.base64url</c>, of which exactly one spelling is accepted.</summary>
internal static class AffinityCookieText
{
    internal const string Prefix = "v1.";

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    internal static bool TrySplit(ReadOnlySpan<char> text, out ReadOnlySpan<char> keyId, out ReadOnlySpan<char> body)
    {
        keyId = body = default;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var rest = text[Prefix.Length..];
        var dot = rest[..Math.Min(rest.Length, SealingKey.MaxIdLength + 1)].IndexOf('.');
        if (dot <= 0)
            return false;
        keyId = rest[..dot];
        body = rest[(dot + 1)..];
        // The decoder skips white space and takes padding, which would give one cookie several texts. Lengths and unused bits it checks itself.
        return !body.IsEmpty && !body.ContainsAnyExcept(Alphabet);
    }

    internal static bool TryDecode(ReadOnlySpan<char> body, Span<byte> destination, out int length) =>
        Base64Url.DecodeFromChars(body, destination, out _, out length) == OperationStatus.Done;
}
