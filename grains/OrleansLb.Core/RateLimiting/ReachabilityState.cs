namespace OrleansLb.Core.RateLimiting;

/// <summary>How a front-end stands to the cluster that arbitrates its limits.</summary>
public enum ReachabilityState
{
    /// <summary>Replies arrive.</summary>
    Reachable,

    /// <summary>None for 3 ttl: leases are over, and the cluster may not yet have set the share aside.</summary>
    Waiting,

    /// <summary>The policy's <see cref="Snapshots.WhenUnreachable"/> applies.</summary>
    OnItsOwn,

    /// <summary>Unreachable for so long that the cluster gave the share to others, or never told a share.</summary>
    Expired,
}
