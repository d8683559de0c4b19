namespace OrleansLb.Core.Snapshots;

/// <summary>What makes two requests share a limit.</summary>
public enum RateLimitPartition
{
    /// <summary>The address of the connection's peer; IPv6 by its /64.</summary>
    ClientIp,

    /// <summary>The value of one request header; requests without it share one key.</summary>
    Header,

    /// <summary>All requests of a route that names the policy.</summary>
    Route,

    /// <summary>All requests of every route that names the policy.</summary>
    Global,
}
