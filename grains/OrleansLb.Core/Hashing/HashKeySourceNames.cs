using System.Collections.Immutable;

namespace OrleansLb.Core.Hashing;

/// <summary>
/// Names of what a hashing policy takes its key from. <c>IpHash</c>, <c>UrlHash</c>, <c>HeaderHash</c> and <c>CookieHash</c> have their source in
/// their name; the consistent policies may take any.
/// </summary>
public static class HashKeySourceNames
{
    /// <summary>The client's address, IPv6 by a prefix: <see cref="HashKey.Of(System.Net.IPAddress?, int)"/>.</summary>
    public const string ClientIp = nameof(ClientIp);

    /// <summary>The path of the request, without its query.</summary>
    public const string Path = nameof(Path);

    /// <summary>The path of the request and its query.</summary>
    public const string PathAndQuery = nameof(PathAndQuery);

    /// <summary>The value of a header.</summary>
    public const string Header = nameof(Header);

    /// <summary>The value of a cookie.</summary>
    public const string Cookie = nameof(Cookie);

    /// <summary>The value of one parameter of the query.</summary>
    public const string QueryParameter = nameof(QueryParameter);

    /// <summary>Every name. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        ClientIp,
        Path,
        PathAndQuery,
        Header,
        Cookie,
        QueryParameter,
    ];
}
