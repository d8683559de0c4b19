using System.Collections.Immutable;

namespace OrleansLb.Core.Affinity;

/// <summary>Names that a cluster's <c>SessionAffinity:FailurePolicy</c> may have.</summary>
public static class AffinityFailurePolicyNames
{
    /// <summary>YARP's: another destination is chosen.</summary>
    public const string Redistribute = nameof(Redistribute);

    /// <summary>YARP's: the request is refused with 503.</summary>
    public const string Return503Error = nameof(Return503Error);

    /// <summary>Every name, YARP's and ours. Compared without regard to case.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Redistribute,
        Return503Error,
    ];
}
