namespace OrleansLb.Core.Snapshots;

/// <summary>What makes two requests share a limit; several together are one key.</summary>
[Flags]
public enum RateLimitPartition
{
    /// <summary>All requests of every route that names the policy.</summary>
    Global = 0,

    /// <summary>The address of the client; IPv6 by a prefix.</summary>
    ClientIp = 1,

    /// <summary>The value of one request header; requests without it share one key.</summary>
    Header = 2,

    /// <summary>The value of one cookie; requests without it share one key.</summary>
    Cookie = 4,

    /// <summary>The value of one query parameter as it came; requests without it share one key.</summary>
    Query = 8,

    /// <summary>The host that the request names, without its port and in lower case.</summary>
    Host = 16,

    /// <summary>The request's method.</summary>
    Method = 32,

    /// <summary>The route that names the policy.</summary>
    Route = 64,

    /// <summary>The value of one claim of a token that the application's authentication has validated; without one, the address of the client.</summary>
    JwtClaim = 128,
}
