using System.Collections.Immutable;

namespace OrleansLb.Core.Affinity;

/// <summary>Names that a cluster's <c>SessionAffinity:Policy</c> may have.</summary>
public static class SessionAffinityPolicyNames
{
    /// <summary>YARP's: a cookie with a hash of the destination.</summary>
    public const string HashCookie = nameof(HashCookie);

    /// <summary>YARP's: a cookie as of IIS Application Request Routing.</summary>
    public const string ArrCookie = nameof(ArrCookie);

    /// <summary>YARP's: a cookie sealed by data protection.</summary>
    public const string Cookie = nameof(Cookie);

    /// <summary>YARP's: a header sealed by data protection.</summary>
    public const string CustomHeader = nameof(CustomHeader);

    /// <summary>A cookie sealed with the cluster's key ring, which every front-end opens and re-pins alike.</summary>
    public const string ClusterCookie = nameof(ClusterCookie);

    /// <summary>What the application or the client calls a session itself; the cluster remembers where each belongs.</summary>
    public const string ClusterSession = nameof(ClusterSession);

    /// <summary>Every name, YARP's and ours. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        HashCookie,
        ArrCookie,
        Cookie,
        CustomHeader,
        ClusterCookie,
        ClusterSession,
    ];
}
