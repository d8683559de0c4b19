namespace OrleansLb.Clustering.Membership;

/// <summary>How silos and clients find each other.</summary>
public enum MembershipKind
{
    /// <summary>One silo on this machine; front-ends find it at its gateway port on loopback.</summary>
    Localhost,

    /// <summary>Any number of silos, which meet in a Redis.</summary>
    Redis,
}
