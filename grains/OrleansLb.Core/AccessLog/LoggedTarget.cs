namespace OrleansLb.Core.AccessLog;

/// <summary>What may be logged of addresses that clients send: they carry keys in queries, and users with their passwords before hosts.</summary>
public static class LoggedTarget
{
    /// <summary>The path of a request's target (RFC 9112, section 3.2), without the host of an absolute one.</summary>
    /// <param name="target">The target, as it came.</param>
    /// <param name="withQuery">Whether its query may be shown.</param>
    public static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target, bool withQuery)
    {
        if (target.IsEmpty || target[0] == '/')
            return withQuery ? target : WithoutQuery(target);
        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return WithoutUser(WithoutQuery(target));
        var rest = target[(scheme + 3)..];
        var authority = rest.IndexOfAny('/', '?', '#');
        if (authority < 0)
            return "/";
        return withQuery ? rest[authority..] : WithoutQuery(rest[authority..]);
    }

    /// <summary>The address of a referer (RFC 9110, section 10.1.3); nothing of one that names a user.</summary>
    /// <param name="referer">The referer, as it came.</param>
    /// <param name="withQuery">Whether its query may be shown.</param>
    public static ReadOnlySpan<char> RefererOf(ReadOnlySpan<char> referer, bool withQuery)
    {
        if (UpToPath(WithoutQuery(referer)).Contains('@'))
            return default;
        return withQuery ? referer : WithoutQuery(referer);
    }

    // Of what is no address all up to the first slash: it may be meant as one.
    private static ReadOnlySpan<char> UpToPath(ReadOnlySpan<char> address)
    {
        var slash = address.IndexOf('/');
        var begin = slash < 0 || slash + 1 == address.Length || address[slash + 1] != '/' ? 0 : slash + 2;
        var end = address[begin..].IndexOf('/');
        return end < 0 ? address : address[..(begin + end)];
    }

    private static ReadOnlySpan<char> WithoutQuery(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('?', '#');
        return end < 0 ? text : text[..end];
    }

    private static ReadOnlySpan<char> WithoutUser(ReadOnlySpan<char> authority) => authority[(authority.LastIndexOf('@') + 1)..];
}
