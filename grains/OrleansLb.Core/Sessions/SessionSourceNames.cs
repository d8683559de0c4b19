using System.Collections.Immutable;

namespace OrleansLb.Core.Sessions;

/// <summary>Names of what tells that two requests are of one learned session.</summary>
public static class SessionSourceNames
{
    /// <summary>A cookie of the application, also as its response sets it.</summary>
    public const string Cookie = nameof(Cookie);

    /// <summary>The value of a header.</summary>
    public const string Header = nameof(Header);

    /// <summary>The value of one parameter of the query.</summary>
    public const string QueryParameter = nameof(QueryParameter);

    /// <summary>The client's address.</summary>
    public const string ClientIp = nameof(ClientIp);

    /// <summary>A claim of somebody whom the application's authentication has let in.</summary>
    public const string JwtClaim = nameof(JwtClaim);

    /// <summary>Every name. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Cookie,
        Header,
        QueryParameter,
        ClientIp,
        JwtClaim,
    ];
}
